/** What an isolation forest says of a table: how unlike all others its rows are. */
import type { Cell, ModelInfo } from '../worker/protocol.ts';
import * as format from './format.ts';

/** Rows that are shown. */
const SHOWN = 10;
/** Scores are between 0 and 1. */
const BINS = 50;

/** What was found in a table. */
export interface Anomalies {
  rows: number;
  /** Rows from the threshold on. */
  found: number;
  threshold: number;
  /** Rows by score, in intervals of equal width from 0 to 1. */
  counts: number[];
  /** The most anomalous rows, the first the most, with what the model reads of them. */
  top: { row: number; score: number; cells: Cell[] }[];
}

/** Rows by score. */
export function countByScore(scores: Iterable<number>): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const score of scores) {
    const bin = Math.min(BINS - 1, Math.floor(score * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Places of the largest scores, the first of equals first. */
export function topPlaces(scores: ArrayLike<number>): number[] {
  const places = Array.from(scores, (_, place) => place);
  return places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, SHOWN);
}

/** Whether a model was trained without a target, so that nothing in a table measures it. */
export function isTargetless(info: ModelInfo): boolean {
  const { features, target, task } = info.schema;
  const byItself = task.kind === 'classification' && task.classes.join() === 'normal,anomaly';
  return (
    info.provenance.learner.kind === 'isolation-forest' &&
    byItself &&
    features.every(({ name }) => name !== target.name)
  );
}

export function anomalyFinding({ found, rows }: Anomalies): string {
  if (found === 0) return 'No row is much unlike the others';
  const are = found === 1 ? 'is an anomaly' : 'are anomalies';
  return `${format.counted(found, 'row')} of ${format.count(rows)} ${are}`;
}
