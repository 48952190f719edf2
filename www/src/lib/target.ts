/** What the data says about a target. */
import type { ColumnSummary } from 'hedgerow';
import * as format from './format.ts';

export type TaskKind = 'classification' | 'regression' | 'anomaly';

/** As the package decides when it is not told: few distinct whole numbers are classes. */
const MOST_NUMBERS_AS_CLASSES = 10;

export function likelyTask(summary: ColumnSummary): TaskKind {
  const { kind, spread, unique, count } = summary;
  if (kind !== 'number' || !spread) return 'classification';
  const sum = spread.mean * count;
  const isWhole =
    [spread.min, spread.max].every(Number.isInteger) && Math.abs(sum - Math.round(sum)) < 1e-6 * count;
  return isWhole && unique <= MOST_NUMBERS_AS_CLASSES ? 'classification' : 'regression';
}

/** The classes of a column that has two, in the order that models have them. */
export function twoClasses({ kind, unique, top, spread }: ColumnSummary): [string, string] | null {
  if (unique !== 2) return null;
  if (kind === 'number') return spread ? [String(spread.min), String(spread.max)] : null;
  const [first, second] = top.map(({ value }) => value).sort();
  return first !== undefined && second !== undefined ? [first, second] : null;
}

export interface TargetFacts {
  text: string;
  /** What is to be said when values are missing. */
  missing: string | null;
}

export function targetFacts(summary: ColumnSummary, rows: number, task: TaskKind): TargetFacts {
  const missing =
    summary.missing > 0
      ? `${format.counted(summary.missing, 'row')} of ${format.count(rows)} miss it and cannot be learned from.`
      : null;
  const text = task === 'regression' ? aNumber(summary) : aClass(summary, rows);
  return {
    text: task === 'anomaly' ? `${text} Not learned from: the rarer is what should be found.` : text,
    missing,
  };
}

function aNumber({ spread, kind }: ColumnSummary): string {
  if (!spread || kind !== 'number')
    return `A ${kind} cannot be predicted as a number. Choose another column.`;
  const { min, max, mean } = spread;
  return `A number from ${format.number(min)} to ${format.number(max)}, ${format.number(mean)} on average.`;
}

function aClass({ unique, top, missing, kind }: ColumnSummary, rows: number): string {
  if (kind === 'date') return 'A date cannot be predicted. Choose another column.';
  if (top.length === 0) return `One of ${format.counted(unique, 'class', 'classes')}.`;
  const known = Math.max(1, rows - missing);
  const shares = top.slice(0, 3).map(({ value, count }) => `${value} ${format.percent(count / known)}`);
  const more = unique > shares.length ? ', …' : '.';
  return `One of ${format.counted(unique, 'class', 'classes')}: ${shares.join(', ')}${more}`;
}
