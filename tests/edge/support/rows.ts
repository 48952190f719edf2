/** The same rows in every form of the protocols. */
import { description } from './models.js';

/** A row by the features' names; `null` is missing. */
export type Row = Record<string, number | boolean | string | null>;

const names = description.features.map(({ name }) => name);

/** Rows with all that is awkward, and the same for the same seed. */
export function rowsOf(seed: number, count: number): Row[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const one = <T>(...values: T[]): T | undefined => values[random(values.length)];
  return Array.from({ length: count }, () => ({
    mass: one(random(10_000), random(1_000) / 7, -1e-7, 1.5e300, 0, null) ?? null,
    constructor: one(random(100) / 10, null) ?? null,
    tagged: one(true, false, null) ?? null,
    'island, "old"':
      one('Biscoe', 'Dream', 'a, b', 'say "no"', 'Zürich 🐧', 'line\nbreak', '12', null) ?? null,
    seen:
      one('2013-01-31', '2013-01-31T12:00:00.5Z', '1969-12-31 23:59', '2024-02-29T10:00+02:00', null) ?? null,
    note: one('x', 'ß', null) ?? null,
  }));
}

const list = (row: Row) => names.map((name) => row[name] ?? null);
const column = (rows: readonly Row[], name: string) => rows.map((row) => row[name] ?? null);

/** Bodies for /invocations, by the name of their form. */
export function bodiesOf(rows: readonly Row[]): Record<string, object> {
  const reversed = [...names].reverse();
  const columns = names.map((name) => [name, column(rows, name)] as const);
  return {
    dataframe_records: { dataframe_records: rows },
    dataframe_split: { dataframe_split: { columns: names, data: rows.map(list) } },
    'dataframe_split with an index': {
      dataframe_split: { index: rows.map((_, index) => index), columns: names, data: rows.map(list) },
    },
    'dataframe_split in another order': {
      dataframe_split: { columns: reversed, data: rows.map((row) => list(row).reverse()) },
    },
    'dataframe_split without names': { dataframe_split: { data: rows.map(list) } },
    'instances as objects': { instances: rows },
    'instances as lists': { instances: rows.map(list) },
    'inputs as columns': { inputs: Object.fromEntries(columns) },
    'inputs as columns of lists': {
      inputs: Object.fromEntries(columns.map(([name, values]) => [name, values.map((value) => [value])])),
    },
    'inputs as rows': { inputs: rows.map(list) },
    'inputs as objects': { inputs: rows },
  };
}

/** The same as CSV. */
export function csvOf(rows: readonly Row[], end = '\n'): string {
  const quoted = (cell: unknown) => `"${String(cell ?? '').replaceAll('"', '""')}"`;
  return [names, ...rows.map(list)].map((cells) => cells.map(quoted).join(',') + end).join('');
}

const DATATYPES = { number: 'FP64', boolean: 'BOOL', category: 'BYTES', date: 'BYTES', text: 'BYTES' };

/** The same as tensors. */
export function tensorsOf(rows: readonly Row[], width: '' | '1' = ''): object[] {
  return description.features.map(({ name, kind }) => ({
    name,
    shape: width ? [rows.length, 1] : [rows.length],
    datatype: DATATYPES[kind],
    data: width ? column(rows, name).map((value) => [value]) : column(rows, name),
  }));
}
