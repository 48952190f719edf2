/** Columns between JavaScript values and typed arrays. */
import { HedgerowError } from './error.js';
import type { TableBuilder } from './wasm/hedgerow.js';

/** One value of a table; `null` is missing. */
export type Value = number | string | boolean | Date | null;

/** The values of a column: a typed array, or an array in which `null` and `undefined` are missing. */
export type ColumnInput =
  | Float64Array
  | Float32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly (Value | bigint | undefined)[];

/** A column of numbers, booleans or dates. */
export interface NumericColumn<K extends 'number' | 'boolean' | 'date'> {
  kind: K;
  /** One a row; NaN is missing. Booleans are 0 or 1, dates milliseconds since 1970-01-01T00:00:00Z. */
  values: Float64Array;
}

/** A column of strings. */
export interface StringColumn<K extends 'category' | 'text'> {
  kind: K;
  /** One a row: an index into `categories`; 4294967295 is missing. */
  codes: Uint32Array;
  /** The distinct strings; of a category column sorted. */
  categories: string[];
}

/** A column as typed arrays; `kind` tells which. */
export type ColumnData =
  | NumericColumn<'number'>
  | NumericColumn<'boolean'>
  | NumericColumn<'date'>
  | StringColumn<'category'>
  | StringColumn<'text'>;

/** The code of a missing string. */
export const MISSING = 0xffffffff;

type Seen = 'number' | 'boolean' | 'date' | 'string';

/** Adds a column to a table in the making; its kind is that of its values. */
export function addColumn(builder: TableBuilder, name: string, input: ColumnInput): void {
  if (ArrayBuffer.isView(input)) {
    builder.addNumbers(
      name,
      'number',
      input instanceof Float64Array ? input : Float64Array.from(input, Number),
    );
    return;
  }
  if (!Array.isArray(input)) {
    throw new HedgerowError(
      `the column ${JSON.stringify(name)} is neither an array nor a typed array. Pass its values as one.`,
      'bad_value',
      { column: name },
    );
  }
  const kind = kindOf(name, input);
  if (kind === 'string') addStrings(builder, name, input.map(spell));
  else builder.addNumbers(name, kind, Float64Array.from(input, toNumber));
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value));
}

/** What all the values are; strings, when they are not all the same. */
function kindOf(column: string, values: readonly unknown[]): Seen {
  const seen = new Set<Seen>();
  values.forEach((value, index) => {
    if (isMissing(value)) return;
    if (typeof value === 'number' || typeof value === 'bigint') seen.add('number');
    else if (typeof value === 'boolean') seen.add('boolean');
    else if (typeof value === 'string') seen.add('string');
    else if (value instanceof Date) seen.add('date');
    else {
      throw new HedgerowError(
        `row ${index + 1} of the column ${JSON.stringify(column)} holds ${describe(value)}. A value is a number, a string, a boolean, a Date or null.`,
        'bad_value',
        { row: index + 1, column, value: describe(value) },
      );
    }
  });
  const [only = 'number'] = seen;
  return seen.size > 1 ? 'string' : only;
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function toNumber(value: unknown): number {
  return isMissing(value) ? Number.NaN : Number(value);
}

function spell(value: unknown): string | null {
  if (isMissing(value)) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Strings cross as codes, and the distinct ones as one text with the length of each. */
function addStrings(builder: TableBuilder, name: string, values: readonly (string | null)[]): void {
  const index = new Map<string, number>();
  const codes = Uint32Array.from(values, (value) => {
    if (value === null) return MISSING;
    const known = index.get(value);
    if (known !== undefined) return known;
    index.set(value, index.size);
    return index.size - 1;
  });
  // Halves of surrogate pairs cannot cross; their lengths stay.
  const distinct = [...index.keys()].map((text) => text.toWellFormed());
  const lengths = Uint32Array.from(distinct, (text) => text.length);
  builder.addStrings(name, codes, distinct.join(''), lengths);
}

/** Cuts a text into the strings that it is made of. */
export function cut(text: string, lengths: Uint32Array): string[] {
  let end = 0;
  return Array.from(lengths, (length) => {
    const start = end;
    end += length;
    return text.slice(start, end);
  });
}

/** The values of a column as JavaScript has them. */
export function toValues(column: ColumnData): Value[] {
  if ('codes' in column) {
    return Array.from(column.codes, (code) => column.categories[code] ?? null);
  }
  const convert = { number: Number, boolean: Boolean, date: (millis: number) => new Date(millis) }[
    column.kind
  ];
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : convert(value)));
}
