/** The table that models learn from, and rows that they are asked: with gaps, and with what they never saw. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samples } from '../../package/support/installed.js';

/** A row by its columns' names; `null` is missing. */
export type Row = Readonly<Record<string, number | boolean | string | null>>;

/** The penguins, and beside them a boolean and a date, so that there is every kind of column. */
export async function table(): Promise<string> {
  const [header, ...lines] = (await readFile(join(samples, 'penguins.csv'), 'utf8')).trim().split('\n');
  const more = lines.map((line, row) => {
    const ringed = row % 11 === 0 ? '' : row % 3 === 0;
    const seen = row % 13 === 0 ? '' : `2008-0${1 + (row % 9)}-1${row % 10}T0${row % 10}:30`;
    return `${line},${ringed},${seen}`;
  });
  return [`${header},ringed,seen`, ...more, ''].join('\n');
}

const usual: Row = {
  species: 'Gentoo',
  island: 'Biscoe',
  bill_length_mm: 46.1,
  bill_depth_mm: 13.2,
  flipper_length_mm: 211,
  body_mass_g: 4500,
  sex: 'female',
  year: 2007,
  ringed: true,
  seen: '2008-11-04',
};

const columns = Object.keys(usual);
const numbers = columns.filter((name) => typeof usual[name] === 'number');
const each = (names: string[], values: Row[string][]) =>
  names.flatMap((name) => values.map((value) => ({ ...usual, [name]: value })));

const all: readonly Row[] = [
  usual,
  { ...usual, species: 'Adelie', island: 'Torgersen', bill_length_mm: 38.9, body_mass_g: 3325, sex: 'male' },
  { ...usual, species: 'Chinstrap', island: 'Dream', bill_depth_mm: 18.7, year: 2009, ringed: false },
  ...each(columns, [null]),
  Object.fromEntries(columns.map((name) => [name, null])),
  ...each(['species', 'island', 'sex'], ['never seen', 'biscoe', 'Ünlü, "x" 🐧', 'x'.repeat(300)]),
  ...each(numbers, [0, -1e9, 1e12, 0.1 + 0.2, 1 / 3, 5e-324, 39.1, 43.25, 3_333.3]),
  ...each(['seen'], ['1969-12-31T23:59:59.999Z', '2008-03-01T12:00', '2024-02-29 10:00:01+02:00']),
];

/** The rows with all columns but one, which a model predicts. */
export function rowsWithout(target: string | undefined): Row[] {
  return all.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== target)));
}

export function toCsv(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: Row[string] | undefined) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const lines = rows.map((row) => names.map((name) => cell(row[name])).join(','));
  return [names.join(','), ...lines, ''].join('\n');
}
