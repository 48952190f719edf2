import type { ColumnSummary } from 'hedgerow';

/** More bars than these are too thin to be seen. */
const MOST_BARS = 22;

/** The shape of a column: the counts of its histogram, or of its commonest values. */
export function bars(summary: ColumnSummary): number[] {
  if (summary.histogram) return merged(summary.histogram.counts);
  return summary.top.slice(0, MOST_BARS).map(({ count }) => count);
}

/** Neighbouring counts joined, so that at most `MOST_BARS` are left. */
function merged(counts: number[]): number[] {
  const size = Math.ceil(counts.length / MOST_BARS);
  if (size <= 1) return counts;
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, index) =>
    counts.slice(index * size, (index + 1) * size).reduce((sum, count) => sum + count, 0),
  );
}

/** The bars as one path, which a browser draws faster than as many rectangles. */
export function barPath(counts: number[], width: number, height: number): string {
  const step = width / Math.max(counts.length, 1);
  const tallest = Math.max(1, ...counts);
  const bar = Math.max(0.5, step - (step > 3 ? 1 : 0));
  return counts
    .map((count, index) => {
      const tall = count > 0 ? Math.max(1, (count / tallest) * height) : 0;
      const up = (-tall).toFixed(2).replace('-0.00', '0.00');
      return `M${(index * step).toFixed(2)},${height}v${up}h${bar.toFixed(2)}v${tall.toFixed(2)}z`;
    })
    .join('');
}

/** What is new as a line of steps before what was, as bars, on one scale. */
export function shapePaths(
  before: readonly number[],
  now: readonly number[],
  width: number,
  height: number,
): { before: string; now: string } {
  const tallest = Math.max(1e-9, ...before, ...now);
  const step = width / Math.max(before.length, 1);
  const level = (share: number) => (height - 1 - (share / tallest) * (height - 2)).toFixed(1);
  const bars = before.map(
    (share, index) => `M${(index * step).toFixed(1)},${height}V${level(share)}h${step.toFixed(2)}V${height}z`,
  );
  const line = now.map((share) => `V${level(share)}h${step.toFixed(2)}`);
  return {
    before: bars.join(''),
    now: line.length > 0 ? `M0,${height - 1}${line.join('')}V${height - 1}` : '',
  };
}
