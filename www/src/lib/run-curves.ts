/** Metrics of runs over their steps, as lines. */
import type { Run, Series } from 'hedgerow/track';
import * as format from './format.ts';
import { byImportance, isLearningCurve, pointValue, runMetricLabel, runMetricText } from './run-facts.ts';
import { higherIsBetter } from './steps.ts';

/** What a step of a learning curve is. */
const ROW = 'row';

/** What a step of a run is called. */
export function stepOf(run: Run): string {
  return isLearningCurve(run) ? ROW : 'step';
}

export interface CurveLine {
  label: string;
  metric: string;
  points: { step: number; value: number }[];
}

/** More metrics than these are not asked for. */
const MOST = 8;

/** Metrics of which there is more than one point, by what says most. */
export function curvedMetrics(runs: readonly Run[]): string[] {
  const names = runs.flatMap((run) => run.metrics.filter(({ step = 0 }) => step > 1).map(({ key }) => key));
  return byImportance([...new Set(names)]).slice(0, MOST);
}

export function lineOf({ key, points }: Series, label: string): CurveLine {
  return {
    label,
    metric: key,
    points: points.flatMap((point) => {
      const value = pointValue(point);
      return value === null ? [] : [{ step: point.step ?? 0, value }];
    }),
  };
}

/** Fewer points are no curve: how it went between the first and the last is not known. */
const FEWEST = 3;

export function isCurve({ points }: CurveLine): boolean {
  return points.length >= FEWEST;
}

/** Lines that share a scale: losses and what is better large do not. */
export function groupedLines(lines: CurveLine[]): CurveLine[][] {
  return [true, false]
    .map((large) => lines.filter(({ metric }) => higherIsBetter(metric) === large))
    .filter((group) => group.length > 0);
}

/** Of one run: where its first line ended. */
export function runCurveFinding([line]: CurveLine[], run: Run): string {
  const last = line?.points.at(-1);
  if (!line || !last) return 'No curve';
  const [label, value] = [runMetricLabel(line.metric), runMetricText(line.metric, last.value)];
  if (isLearningCurve(run)) return `${label} is ${value} after ${format.counted(last.step, ROW)}`;
  return run.status === 'RUNNING' ? `${label} is ${value} so far` : `${label} ended at ${value}`;
}

/** Of several runs: which of them ended best. */
export function compareCurveFinding(lines: CurveLine[]): string {
  const ends = lines.flatMap((line) => {
    const last = line.points.at(-1);
    return last ? [{ line, value: last.value }] : [];
  });
  const [first] = ends;
  if (!first) return 'No curve';
  if (ends.length === 1) {
    const { line, value } = first;
    const label = format.inSentence(runMetricLabel(line.metric));
    return `Only ${line.label} has ${label}, which ended at ${runMetricText(line.metric, value)}`;
  }
  const better = higherIsBetter(first.line.metric) ? 1 : -1;
  const best = ends.reduce((one, other) => ((other.value - one.value) * better > 0 ? other : one));
  const text = runMetricText(best.line.metric, best.value);
  return `${best.line.label} ended best, with ${format.inSentence(runMetricLabel(best.line.metric))} ${text}`;
}
