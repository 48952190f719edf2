/** Champion and challenger, side by side. */
import type { Report } from 'hedgerow';
import type { Judgement } from 'hedgerow/monitor';
import * as format from './format.ts';
import { metricLabel } from './metrics.ts';
import { runMetricLabel } from './run-facts.ts';

export interface BothMetric {
  metric: string;
  champion: number;
  challenger: number;
}

/** The metrics that both have, as far as they have a name of their own. */
export function bothMetrics(champion: Report, challenger: Report): BothMetric[] {
  const others = new Map<string, unknown>(Object.entries(challenger.metrics));
  return Object.entries(champion.metrics).flatMap(([metric, value]) => {
    const other = others.get(metric);
    const isKnown = metricLabel(metric) !== metric;
    return isKnown && isFigure(value) && isFigure(other)
      ? [{ metric, champion: value, challenger: other }]
      : [];
  });
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A metric's name within a sentence. */
export function metricName(metric: string): string {
  return format.inSentence(runMetricLabel(metric));
}

/** Places of a gain, its interval and no gain on a scale from 0 to 1 that has all of them. */
export function gainPlaces({ gain, low, high }: Judgement): Record<'gain' | 'low' | 'high' | 'zero', number> {
  const [least, most] = [Math.min(low, gain, 0), Math.max(high, gain, 0)];
  const room = (most - least || 1) * 0.08;
  const place = (value: number) => (value - least + room) / (most - least + 2 * room);
  return { gain: place(gain), low: place(low), high: place(high), zero: place(0) };
}
