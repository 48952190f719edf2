/** What a scorer gives, as JSON has it. */
import type { Scores } from './scorer.js';

/** The predicted class of each row. */
export function labelsOf({ classes: codes }: Scores, classes: readonly string[]): string[] {
  return Array.from(codes, (code) => classes[code] ?? '');
}

/** The last number of each row: the only one, or the probability of the second class, the anomaly. */
export function lastsOf(values: Float64Array, outputs: number): number[] {
  return Array.from({ length: values.length / outputs }, (_, row) => values[(row + 1) * outputs - 1] ?? 0);
}

/** The numbers of each row. */
export function listsOf(values: Float64Array, outputs: number): number[][] {
  const rows = { length: values.length / outputs };
  return Array.from(rows, (_, row) => Array.from(values.subarray(row * outputs, (row + 1) * outputs)));
}
