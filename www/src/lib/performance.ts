/** How good the answers turned out to be, in the words of the Monitor view. */
import type { MetricFigure, MonitorReport, Performance } from 'hedgerow/monitor';
import * as format from './format.ts';
import { lowerIsBetter } from './metrics.ts';
import { runMetricLabel, runMetricText } from './run-facts.ts';

/** What is known of the answers: by the target, or else as may be expected. */
export interface Known {
  performance: Performance;
  isExpected: boolean;
}

/** What is told: nothing where the rows have no target and no probabilities. */
export function knownOf({ performance, estimatedPerformance }: MonitorReport): Known | null {
  if (performance && performance.metrics.length > 0) return { performance, isExpected: false };
  if (estimatedPerformance && estimatedPerformance.metrics.length > 0) {
    return { performance: estimatedPerformance, isExpected: true };
  }
  return null;
}

/** The metric that is told first: accuracy, or the mean absolute error. */
export function mainMetric({ metrics }: Performance): MetricFigure | undefined {
  return metrics.find(({ name }) => name === 'accuracy' || name === 'mae') ?? metrics[0];
}

export function bandText({ name, band }: MetricFigure): string {
  return band ? `${runMetricText(name, band[0])} to ${runMetricText(name, band[1])}` : '–';
}

/** Whether a metric is surely worse than it was: its whole band is. */
export function isWorse({ name, band, reference }: MetricFigure): boolean {
  if (!band || reference === undefined) return false;
  return lowerIsBetter(name) ? band[0] > reference : band[1] < reference;
}

/** What the answers are worth, as a sentence. */
export function performanceFinding({ performance, isExpected }: Known): string {
  const metric = mainMetric(performance);
  if (!metric) return 'No metric is known';
  const { name, value, reference } = metric;
  const now = `${runMetricLabel(name)} ${isExpected ? 'is expected to be' : 'is'} ${runMetricText(name, value)}`;
  if (reference === undefined) return now;
  return `${now}; for rows kept out of training ${runMetricText(name, reference)}`;
}

/** Where the figures come from. */
export function performanceAbout({ performance, isExpected }: Known): string {
  const rows = format.counted(performance.rows, 'row');
  return isExpected
    ? `Expected of ${rows} by the probabilities that were answered, since their target is not known. Bands are 95\u00a0% intervals.`
    : `Of ${rows} whose target is known. Bands are 95\u00a0% intervals.`;
}

/** Places on a scale from 0 to 1 that all of a metric's values are on. */
export interface Scale {
  value: number;
  band: [number, number];
  reference: number | null;
}

export function scaleOf({ value, band = [value, value], reference }: MetricFigure): Scale {
  const all = [value, ...band, ...(reference === undefined ? [] : [reference])];
  // Most metrics are shares; errors are on a scale of their own.
  const low = Math.min(0, ...all);
  const high = all.every((one) => one <= 1) ? 1 : Math.max(...all) * 1.1;
  const place = (one: number) => (one - low) / (high - low);
  return {
    value: place(value),
    band: [place(band[0]), place(band[1])],
    reference: reference === undefined ? null : place(reference),
  };
}
