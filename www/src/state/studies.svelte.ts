import type { TableFacts } from '../worker/protocol.ts';
import { Job } from './job.svelte.ts';

/** The studies that run, or ran last. */
export const comparison = new Job('compare');
export const tuning = new Job('tune');
export const curve = new Job('learningCurve');

const all = [comparison, tuning, curve];
let of: TableFacts | undefined;

/** Forgets what was found out about another table. */
export function studiesOf(table: TableFacts): void {
  if (of !== undefined && of !== table) for (const job of all) job.forget();
  of = table;
}

/** The one that runs, for the rail. */
export function runningStudy(): { share: number } | undefined {
  return all.find(({ running }) => running);
}
