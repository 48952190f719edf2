/** CSV as rows of cells. */
import type { Cells } from './cells.js';
import { decimalAt } from './decimal.js';
import { type Description, type FeatureKind, isNumeric } from './description.js';
import { cellOf, type Sheet, sheetOf } from './sheet.js';

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
  const sheet = sheetOf(text, maxRows);
  const rows = sheet.rows - 1;
  const names = Array.from({ length: sheet.width }, (_, place) => trimmed(cellOf(sheet, 0, place)));
  const kinds = new Map(features.map(({ name, kind }) => [name, kind]));
  const columns = names.map((name, place) => reading(kinds.get(name), sheet, place));
  return {
    names,
    rows,
    at: (row, column) => columns[column]?.(row),
    numbers: (column) => numbersOf(sheet, column),
  };
}

/** A column of numbers; nothing where one of its cells is none. */
function numbersOf(sheet: Sheet, column: number): Float64Array | undefined {
  const { text, width, rows, places } = sheet;
  const numbers = new Float64Array(rows - 1);
  for (let row = 1; row < rows; row++) {
    const index = 2 * (row * width + column);
    const plain = decimalAt(text, places[index] ?? 0, places[index + 1] ?? 0);
    const value = Number.isNaN(plain) ? valueAt('number', sheet, row, column) : plain;
    if (value !== null && !Number.isFinite(value)) return undefined;
    numbers[row - 1] = value === null ? Number.NaN : Number(value);
  }
  return numbers;
}

/** Spaces and tabs only: other blanks are part of a value. */
function trimmed(cell: string): string {
  return cell.trim().length === cell.length ? cell : cell.replace(/^[ \t]+|[ \t]+$/g, '');
}

/**
 * Reads the cells of a column, of any row. Numbers for dates are seconds where all are small, as when
 * Hedgerow reads a table.
 */
function reading(kind: FeatureKind | undefined, sheet: Sheet, column: number): (row: number) => unknown {
  const read = (row: number) => valueAt(kind, sheet, row + 1, column);
  if (kind !== 'date') return read;
  let isSmall = true;
  for (let row = 1; row < sheet.rows; row++) isSmall &&= !(Math.abs(Number(read(row - 1))) >= FIRST_MILLIS);
  return (row) => {
    const value = read(row);
    return isSmall && typeof value === 'number' ? value * 1_000 : value;
  };
}

function valueAt(kind: FeatureKind | undefined, sheet: Sheet, row: number, column: number): unknown {
  const cell = trimmed(cellOf(sheet, row, column));
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
