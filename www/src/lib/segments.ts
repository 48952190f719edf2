/** Where a model is wrong most, in words. */
import type { Condition, Segment } from 'hedgerow/monitor';
import type { Kind } from '../worker/protocol.ts';
import * as format from './format.ts';

type Field = { name: string; kind: Kind };

/** The worst parts of the rows of one place. */
export interface Worst {
  name: string;
  segments: Segment[];
}

/** Of several places in the order of time the last one that has any, as the command line tells them. */
export function lastWorst(places: readonly Worst[]): Worst | null {
  return places.findLast(({ segments }) => segments.length > 0) ?? null;
}

/** What holds for the rows of a part: `carrier is UA and hour is from 17 to 19`. */
export function conditionsText({ conditions }: Segment, fields: readonly Field[]): string {
  return conditions.map((condition) => conditionText(condition, fields)).join(' and ');
}

function conditionText(condition: Condition, fields: readonly Field[]): string {
  const { column } = condition;
  if ('is' in condition) return `${column} is ${condition.is}`;
  if ('missing' in condition) return `${column} is missing`;
  const isDate = fields.some(({ name, kind }) => name === column && kind === 'date');
  const [low, high] = condition.between.map((end) =>
    end === null ? null : isDate ? format.date(end) : format.number(end),
  );
  if (low && high) return `${column} is from ${low} to ${high}`;
  if (low) return `${column} is at least ${low}`;
  return high ? `${column} is below ${high}` : `${column} is known`;
}

/** What a part is known by: two may be told in the same words, since numbers are rounded there. */
export function segmentKey({ conditions }: Segment): string {
  return JSON.stringify(conditions);
}

export function errorName({ metric }: Segment): string {
  return metric === 'mae' ? 'Mean error' : 'Error rate';
}

/** A mean error in the target's unit, or a share of rows. */
export function errorText({ metric }: Segment, value: number): string {
  return metric === 'mae' ? format.number(value) : format.percent(value);
}

export function segmentFinding(segments: readonly Segment[], fields: readonly Field[]): string {
  const [worst] = segments;
  if (!worst) return 'No part of the rows stands out';
  const { error, errorElsewhere } = worst;
  const figures = `${errorText(worst, error)}, elsewhere ${errorText(worst, errorElsewhere)}`;
  return `Wrong most where ${conditionsText(worst, fields)}: ${figures}`;
}
