/** The shapes that rows have in JSON, as cells. */
import { HedgerowError } from '../error.js';
import type { Cells } from './cells.js';
import { quoted, shown } from './refusal.js';

/** A JSON object. */
export type Dictionary = Readonly<Record<string, unknown>>;

/** A JSON list. */
export type List = readonly unknown[];

/** Rows as objects; a field that a row does not have is `undefined` there. */
export function cellsOfRecords(rows: List): Cells {
  const names = new Set<string>();
  const records = rows.map((row, index) => {
    if (!isDictionary(row)) throw bad(`row ${index + 1} is no object. Send every row as {"name": value}`);
    for (const name of Object.keys(row)) names.add(name);
    return row;
  });
  const order = [...names];
  return { names: order, rows: records.length, at: (row, column) => own(records[row], order[column]) };
}

/** Rows as lists of values. */
export function cellsOfLists(names: readonly string[], rows: List): Cells {
  const lists = rows.map((row, index) => {
    const list = listOf(row, `row ${index + 1}`);
    if (list.length !== names.length) {
      throw wrongLength(`row ${index + 1}`, names.length, list.length, { row: index + 1 });
    }
    return list;
  });
  return { names, rows: lists.length, at: (row, column) => lists[row]?.[column] };
}

/** Columns as lists of values. */
export function cellsOfColumns(names: readonly string[], columns: readonly List[]): Cells {
  const rows = columns[0]?.length ?? 0;
  columns.forEach((values, place) => {
    const name = names[place] ?? '';
    if (values.length !== rows) {
      throw wrongLength(`the column ${quoted(name)}`, rows, values.length, { column: shown(name) });
    }
  });
  return { names, rows, at: (row, column) => columns[column]?.[row] };
}

/** The values of a tensor of the shape [n] or [n, 1]. */
export function unwrapped(values: List): List {
  if (!values.some(Array.isArray)) return values;
  return values.map((value) => (Array.isArray(value) && value.length === 1 ? value[0] : value));
}

/** Only what JSON gave it: `constructor` may be a field like any other. */
function own(record: Dictionary | undefined, name: string | undefined): unknown {
  return record && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether a value is a JSON object. */
export function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {HedgerowError} `bad_request` where the value is no list. */
export function listOf(value: unknown, what: string): List {
  if (Array.isArray(value)) return value;
  throw bad(`${what} must be a list. Put it into brackets`);
}

/** What is not as the protocol has it. */
export function bad(message: string): HedgerowError {
  return new HedgerowError(`${message}; /openapi.json has examples.`, 'bad_request');
}

function wrongLength(
  what: string,
  expected: number,
  found: number,
  at: HedgerowError['details'],
): HedgerowError {
  const message = `${what} has ${found} values where ${expected} are expected. Send null for what is missing.`;
  return new HedgerowError(message, 'wrong_length', at);
}
