/** CSV as rows of cells. */
import type { parse } from 'papaparse';
import { HedgerowError } from '../error.js';
import { type Cells, checkRows } from './cells.js';
import { type Description, type FeatureKind, isNumeric } from './description.js';

/** Asked for as the CommonJS that it is, which takes half a kilobyte less of every worker than an import of it. */
declare function require(name: 'papaparse'): { parse: typeof parse };
const Papa = require('papaparse');

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
  const [header, ...records] = recordsOf(text, maxRows);
  if (!header) throw new HedgerowError('the CSV is empty. Send a header line and rows.', 'csv_empty');
  checkRows(records.length, maxRows);
  const names = header.map(trimmed);
  const kinds = new Map(features.map(({ name, kind }) => [name, kind]));
  const columns = names.map((name, place) => reading(kinds.get(name), records, place));
  return { names, rows: records.length, at: (row, column) => columns[column]?.(row) };
}

/** The cells of every line; the header is the first. */
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
  return records;
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

/**
 * Reads the cells of a column, of any row. Numbers for dates are seconds where all are small, as when
 * Hedgerow reads a table.
 */
function reading(
  kind: FeatureKind | undefined,
  records: readonly string[][],
  place: number,
): (row: number) => unknown {
  const read = (row: number) => valueOfCell(kind, trimmed(records[row]?.[place] ?? ''));
  if (kind !== 'date') return read;
  const isSmall = records.every((_, row) => !(Math.abs(Number(read(row))) >= FIRST_MILLIS));
  return (row) => {
    const value = read(row);
    return isSmall && typeof value === 'number' ? value * 1_000 : value;
  };
}

function valueOfCell(kind: FeatureKind | undefined, cell: string): unknown {
  if (kind === 'boolean' && TRUE.test(cell)) return true;
  if (kind === 'boolean' && FALSE.test(cell)) return false;
  const value = kind === undefined || !isNumeric(kind) ? cell : numberOf(cell);
  return typeof value === 'string' && MISSING.has(value) ? null : value;
}

/** The number that is spelled, if it is one; no zero has a sign. */
function numberOf(cell: string): number | string {
  if (NUMBER.test(cell)) return Number(cell) + 0;
  if (!INFINITE.test(cell)) return cell;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
