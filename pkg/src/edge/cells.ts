/** Rows as a body had them, and the columns that a scorer takes. */
import { HedgerowError } from '../error.js';
import { parseDate } from './date.js';
import { type Description, type Feature, type FeatureKind, isNumeric } from './description.js';
import type { Settings } from './options.js';
import { quoted, shown } from './refusal.js';
import type { Column } from './scorer.js';

/** Values with names, as JSON has them; `undefined` where a row leaves a field out. */
export interface Cells {
  names: readonly string[];
  rows: number;
  at(row: number, column: number): unknown;
}

/** The rows of a request, ready to be scored. */
export interface Rows {
  columns: Column[];
  rows: number;
}

/** What a value of each kind is, in words. */
export const EXPECTED: Readonly<Record<FeatureKind, string>> = {
  number: 'a number',
  boolean: 'true, false, 1 or 0',
  category: 'a string',
  text: 'a string',
  date: 'an ISO 8601 date, or milliseconds since 1970',
};

/** Words that booleans have had as categories, the likelier ones first. */
const WORDS = { true: ['true', '1', 'yes', 't', 'y'], false: ['false', '0', 'no', 'f', 'n'] };

/**
 * The columns of a model, in its order.
 *
 * @throws {HedgerowError} `too_many_rows`, `duplicate_column`, `unknown_field`, `missing_column`,
 * `bad_value`, `infinite_value`.
 */
export function rowsOf(cells: Cells, description: Description, settings: Settings): Rows {
  checkRows(cells.rows, settings.maxRows);
  checkNames(cells.names, description, settings);
  const places = new Map(cells.names.map((name, place) => [name, place]));
  const columns = description.features.map((feature) => {
    const place = places.get(feature.name);
    return columnOf(feature, cells.rows, (row) =>
      known(feature, row, place === undefined ? undefined : cells.at(row, place), settings),
    );
  });
  return { columns, rows: cells.rows };
}

/** @throws {HedgerowError} `too_many_rows`. */
export function checkRows(rows: number, maxRows: number): void {
  if (rows <= maxRows) return;
  throw new HedgerowError(`there are more than ${maxRows} rows. Send fewer at a time.`, 'too_many_rows');
}

function checkNames(
  names: readonly string[],
  { features, target }: Description,
  { extraFields }: Settings,
): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new HedgerowError(
        `two columns are named ${quoted(name)}. Send one of them.`,
        'duplicate_column',
        {
          column: shown(name),
        },
      );
    }
    seen.add(name);
  }
  if (extraFields === 'ignore') return;
  const read = new Set(features.map(({ name }) => name));
  const extra = names.find((name) => !read.has(name) && name !== target);
  if (extra === undefined) return;
  throw new HedgerowError(
    `the model has no field ${quoted(extra)}. Leave it out; what there is, GET /model lists.`,
    'unknown_field',
    { column: shown(extra) },
  );
}

/** A cell, which is missing where it may be left out and is. */
function known(feature: Feature, row: number, cell: unknown, { missingFields }: Settings): unknown {
  if (cell !== undefined) return cell;
  if (missingFields === 'missing') return null;
  throw new HedgerowError(
    `row ${row + 1} has no field ${quoted(feature.name)}. Send it, as null where it is not known.`,
    'missing_column',
    { column: feature.name, row: row + 1 },
  );
}

function columnOf(feature: Feature, rows: number, at: (row: number) => unknown): Column {
  const { kind } = feature;
  if (!isNumeric(kind)) {
    return Array.from({ length: rows }, (_, row) => {
      const cell = at(row);
      return checked(feature, row, cell, toText(feature, cell));
    });
  }
  const numbers = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const cell = at(row);
    numbers[row] = checked(feature, row, cell, toNumber(kind, cell));
  }
  return numbers;
}

/** What a cell was read as, if it was. */
function checked<T>(feature: Feature, row: number, cell: unknown, value: T | undefined): T {
  const isInfinite = value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
  if (value !== undefined && !isInfinite) return value;
  const expected = isInfinite ? 'a finite number' : EXPECTED[feature.kind];
  throw new HedgerowError(
    `row ${row + 1}, field ${quoted(feature.name)}, is ${JSON.stringify(shown(cell))}. Send ${expected}, or null where it is missing.`,
    isInfinite ? 'infinite_value' : 'bad_value',
    { column: feature.name, row: row + 1, value: shown(cell) },
  );
}

/** NaN is missing; `undefined` where the cell is none of the kind. */
function toNumber(kind: 'number' | 'boolean' | 'date', cell: unknown): number | undefined {
  if (cell === null) return Number.NaN;
  if (kind === 'date') {
    return typeof cell === 'string' ? parseDate(cell.trim()) : typeof cell === 'number' ? cell : undefined;
  }
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell !== 'number' || (kind === 'boolean' && cell !== 0 && cell !== 1)) return undefined;
  return cell;
}

/** `null` is missing; `undefined` where the cell is no single value. */
function toText(feature: Feature, cell: unknown): string | null | undefined {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell === 'number') return String(cell);
  return typeof cell === 'boolean' ? wordOf(feature, cell) : undefined;
}

/** A boolean in the word that the model knows for it. */
function wordOf({ categories = [] }: Feature, value: boolean): string {
  const known = WORDS[`${value}`].map((word) =>
    categories.find((category) => category.toLowerCase() === word),
  );
  return known.find((word) => word !== undefined) ?? String(value);
}
