/** What looks wrong with a table, in sentences, what concerns the target first. */
import type { ColumnSummary, Warning } from 'hedgerow';
import * as format from './format.ts';

/** A step that puts it right. */
export type Remedy = 'drop-rows' | 'leave-out';

export interface Advice {
  key: string;
  column: string;
  text: string;
  remedy?: Remedy;
}

type Code = Warning['code'];

/** What is wrong with a feature and is put right by leaving it out. */
const LEAVE_OUT: Code[] = ['constant', 'all_missing', 'id_like', 'many_categories'];
/** What matters in a target only. */
const TARGET_ONLY: Code[] = ['rare_classes'];

export function adviceOn(columns: ColumnSummary[], target: string | null): Advice[] {
  const first = columns.filter(({ name }) => name === target).flatMap(aboutTarget);
  return [...first, ...columns.filter(({ name }) => name !== target).flatMap(aboutFeature)];
}

function aboutTarget({ name, missing, warnings }: ColumnSummary): Advice[] {
  const rows = format.counted(missing, 'row');
  const text = `Column "${name}" is what to predict, and ${rows} ${missing === 1 ? 'has' : 'have'} no value of it.`;
  const drop: Advice = { key: `${name}/missing`, column: name, text, remedy: 'drop-rows' };
  const others = warnings.map(({ code, message }) => ({
    key: `${name}/${code}`,
    column: name,
    text: message,
  }));
  return missing > 0 ? [drop, ...others] : others;
}

function aboutFeature({ name, kind, warnings }: ColumnSummary): Advice[] {
  return warnings
    .filter(({ code }) => !TARGET_ONLY.includes(code))
    .map(({ code, message }) => {
      // Text is not learned from anyway.
      const removable = LEAVE_OUT.includes(code) && kind !== 'text';
      const advice: Advice = { key: `${name}/${code}`, column: name, text: message };
      return removable ? { ...advice, remedy: 'leave-out' } : advice;
    });
}
