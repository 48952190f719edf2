/** CSV as rows of cells. */
import Papa from 'papaparse';
import { HedgerowError } from '../error.js';
import { type Cells, checkRows } from './cells.js';
import type { Description, FeatureKind } from './description.js';

/** Cells that mean "no value", as when Hedgerow reads a table. */
const MISSING = new Set(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', '?']);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(inity)?$/i;
const TRUE = /^(true|yes|t|y|1)$/i;
const FALSE = /^(false|no|f|n|0)$/i;

/** Numbers below this are seconds since 1970, not milliseconds, where all dates of a column are. */
const FIRST_MILLIS = 1e11;

/**
 * Reads a CSV with commas and a header. Its cells become what they would be in JSON, by the kind of
 * their feature; what does not fit stays as it is spelled.
 *
 * @throws {HedgerowError} `csv_empty`, `csv_ragged_row`, `csv_unclosed_quote`, `csv_bad_quote`, `too_many_rows`.
 */
export function cellsOfCsv(text: string, { features }: Description, maxRows: number): Cells {
  const [names, ...records] = recordsOf(text, maxRows);
  if (!names) {
    throw new HedgerowError('the CSV is empty. Send a header line and rows.', 'csv_empty');
  }
  checkRows(records.length, maxRows);
  const kinds = new Map(features.map(({ name, kind }) => [name, kind]));
  const columns = names.map((name, place) =>
    valuesOf(
      kinds.get(name),
      records.map((record) => record[place] ?? ''),
    ),
  );
  return { names, rows: records.length, at: (row, column) => columns[column]?.[row] };
}

/** The cells of every line, without the blanks around them; the header is the first. */
function recordsOf(text: string, maxRows: number): string[][] {
  // One row more than may be, to know of it; the header; and what is after the last line's end.
  const { data, errors } = Papa.parse<string[]>(withOneEnd(text), { delimiter: ',', preview: maxRows + 3 });
  const [error] = errors;
  if (error) throw badQuote(error.code, error.row ?? 0);
  if (/[\r\n]$/.test(text) && isEmpty(data.at(-1))) data.pop();
  const width = data[0]?.length ?? 0;
  // In a single column an empty line is a missing value.
  const records = data.filter((record) => width === 1 || !isEmpty(record));
  records.forEach((record, index) => {
    if (record.length !== width) throw ragged(index, width, record.length);
  });
  return records.map((record) => record.map(trimmed));
}

/** Lines may end differently, which the parser does not know; in quotes, an end is part of a value. */
function withOneEnd(text: string): string {
  return text.includes('"') ? text : text.replace(/\r\n?/g, '\n');
}

function isEmpty(record: readonly string[] | undefined): boolean {
  return record?.length === 1 && record[0] === '';
}

function badQuote(code: string, record: number): HedgerowError {
  if (code === 'MissingQuotes') {
    const message = `row ${record} opens a quote that is never closed. Close it, or double it where a quote is part of the value.`;
    return new HedgerowError(message, 'csv_unclosed_quote', { row: record });
  }
  const message = `row ${record} goes on after a closing quote. Double the quotes that are part of a value.`;
  return new HedgerowError(message, 'csv_bad_quote', { row: record });
}

function ragged(row: number, expected: number, found: number): HedgerowError {
  return new HedgerowError(
    `row ${row} has ${found} cells where ${expected} are expected. Add or remove cells, or put quotes around values that hold a comma.`,
    'csv_ragged_row',
    { row },
  );
}

/** Spaces and tabs only: other blanks are part of a value. */
function trimmed(cell: string): string {
  return cell.trim().length === cell.length ? cell : cell.replace(/^[ \t]+|[ \t]+$/g, '');
}

function valuesOf(kind: FeatureKind | undefined, cells: readonly string[]): unknown[] {
  const values = cells.map((cell) => (MISSING.has(cell) ? null : cellOf(kind, cell)));
  return kind === 'date' ? inMillis(values) : values;
}

function cellOf(kind: FeatureKind | undefined, cell: string): unknown {
  switch (kind) {
    case 'number':
    case 'date':
      return numberOf(cell);
    case 'boolean':
      return TRUE.test(cell) ? true : FALSE.test(cell) ? false : numberOf(cell);
    default:
      return cell;
  }
}

/** The number that is spelled, if it is one; no zero has a sign. */
function numberOf(cell: string): number | string {
  if (NUMBER.test(cell)) return Number(cell) + 0;
  if (!INFINITE.test(cell)) return cell;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Numbers for dates are seconds where all are small, as when Hedgerow reads a table. */
function inMillis(values: unknown[]): unknown[] {
  const isSmall = values.every((value) => typeof value !== 'number' || Math.abs(value) < FIRST_MILLIS);
  return isSmall ? values.map((value) => (typeof value === 'number' ? value * 1_000 : value)) : values;
}
