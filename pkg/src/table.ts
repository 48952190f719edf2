import { addColumn, type ColumnData, type ColumnInput, cut, toValues, type Value } from './columns.js';
import { type ReadOptions, readCsv } from './csv.js';
import { calling, HedgerowError } from './error.js';
import type { Source } from './source.js';
import type { FoldOptions, SplitOptions } from './wasm/hedgerow.js';
import { type ColumnSummary, type Kind, Table as RawTable, TableBuilder } from './wasm/hedgerow.js';

/** Kinds to give to columns, by name, instead of those that their values have. */
export interface ColumnOptions {
  kinds?: Record<string, Kind>;
}

/** One row, by column name. */
export type Row = Record<string, Value>;

/** A row as it may be given: `undefined` and absent are missing, too. */
export type RowInput = Readonly<Record<string, ColumnInput extends readonly (infer V)[] ? V : unknown>>;

/** A training and a test part. */
export interface Split {
  train: Table;
  test: Table;
}

/** Row numbers of a training and a test part, from 0, ascending. */
export interface Fold {
  train: Uint32Array;
  test: Uint32Array;
}

let rawTable: (table: Table) => RawTable;

/**
 * Columns of equal length, each with a name and a kind: `number`, `boolean`, `category`, `date` or
 * `text`. A table never changes: what selects, drops or converts gives a new one.
 *
 * Its memory is freed some time after nothing refers to it any more, or at once by `free()`.
 */
export class Table {
  readonly #raw: RawTable;
  #freed = false;

  /** @internal */
  constructor(raw: RawTable) {
    this.#raw = raw;
  }

  static {
    rawTable = (table) => {
      if (!(typeof table === 'object' && table !== null && #raw in table)) {
        throw new HedgerowError('this is not a Table. Make one with Table.fromCsv.', 'not_a_table');
      }
      if (table.#freed) throw new HedgerowError('the table was freed. Make another.', 'freed');
      return table.#raw;
    };
  }

  /**
   * Reads a CSV: delimiter, header and the kind of every column are found out; options override.
   * The event loop runs between pieces.
   *
   * @throws {HedgerowError} `csv_…`, with row, line and column, where the CSV is broken.
   */
  static async fromCsv(source: Source, options: ReadOptions = {}): Promise<Table> {
    return new Table(await readCsv(source, options));
  }

  /** Makes a table of columns: typed arrays, or arrays of numbers, strings, booleans or dates. */
  static fromColumns(columns: Readonly<Record<string, ColumnInput>>, options: ColumnOptions = {}): Table {
    return calling(() => {
      const builder = new TableBuilder(options.kinds ?? {});
      try {
        for (const [name, input] of Object.entries(columns)) addColumn(builder, name, input);
        return new Table(builder.finish());
      } finally {
        builder.free();
      }
    });
  }

  /** Makes a table of row objects; a key that a row does not have is missing there. */
  static fromRows(rows: readonly RowInput[], options: ColumnOptions = {}): Table {
    const names = new Set(rows.flatMap((row) => Object.keys(row)));
    const column = (name: string) => rows.map((row) => row[name]) as ColumnInput;
    return Table.fromColumns(Object.fromEntries(Array.from(names, (name) => [name, column(name)])), options);
  }

  /** Reads what `toBytes` wrote. */
  static fromBytes(bytes: Uint8Array): Table {
    return new Table(calling(() => RawTable.fromBytes(bytes)));
  }

  get numRows(): number {
    return this.#get((raw) => raw.numRows);
  }

  get numColumns(): number {
    return this.#get((raw) => raw.schema.length);
  }

  get columnNames(): string[] {
    return this.#get((raw) => raw.schema.map(({ name }) => name));
  }

  /** Name and kind of every column. */
  get schema(): { name: string; kind: Kind }[] {
    return this.#get((raw) => raw.schema);
  }

  /** SHA-256 of the content (names, kinds and values), in hexadecimal. */
  get sha256(): string {
    return this.#get((raw) => raw.sha256);
  }

  /** A column as typed arrays; they are copies. */
  column(name: string): ColumnData {
    return this.#get((raw) => {
      const kind = raw.kind(name);
      if (kind !== 'category' && kind !== 'text') return { kind, values: raw.numbers(name) };
      const strings = raw.strings(name);
      try {
        return { kind, codes: strings.codes, categories: cut(strings.text, strings.lengths) };
      } finally {
        strings.free();
      }
    });
  }

  /** The values of a column: numbers, strings, booleans or dates; `null` is missing. */
  values(name: string): Value[] {
    return toValues(this.column(name));
  }

  /** The columns named, in that order. */
  select(names: readonly string[]): Table {
    return this.#make((raw) => raw.select(names.map(String)));
  }

  /** All columns but those named. */
  drop(names: readonly string[]): Table {
    return this.#make((raw) => raw.drop(names.map(String)));
  }

  /** The rows that miss no value in the columns named; in any column by default. */
  dropMissing(names?: readonly string[]): Table {
    return this.#make((raw) => raw.dropMissing(names?.map(String)));
  }

  /** Converts a column to another kind. */
  withKind(name: string, kind: Kind): Table {
    return this.#make((raw) => raw.withKind(name, kind));
  }

  /** The rows from `start` up to, not including, `end`; negative counts from the end, as in arrays. */
  slice(start = 0, end = this.numRows): Table {
    const [from, to] = range(start, end, this.numRows);
    return this.#make((raw) => raw.slice(from, to));
  }

  /** The first rows; 5 by default. */
  head(rows = 5): Table {
    return this.slice(0, rows);
  }

  /** The rows with these numbers, counted from 0, in this order. */
  take(rows: Uint32Array | readonly number[]): Table {
    return this.#make((raw) => raw.take(Uint32Array.from(rows)));
  }

  /** Rows as objects, from `start` up to, not including, `end`; all by default. */
  toRows(start = 0, end = this.numRows): Row[] {
    const part = this.slice(start, end);
    try {
      const columns = part.columnNames.map((name) => [name, part.values(name)] as const);
      return Array.from({ length: part.numRows }, (_, row) =>
        Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null])),
      );
    } finally {
      part.free();
    }
  }

  /** Every column in figures: counts, quantiles, top categories, a histogram, warnings. */
  summary(): ColumnSummary[] {
    return this.#get((raw) => raw.summary());
  }

  /** Splits the rows at random, repeatable by seed, into a training and a test part. */
  split(options: SplitOptions = {}): Split {
    const [train, test] = this.#get((raw) => raw.split(options));
    if (!train || !test) throw new HedgerowError('a split has two parts', 'internal_error');
    return { train: new Table(train), test: new Table(test) };
  }

  /** Row numbers for `k`-fold cross-validation; `take` makes tables of them. */
  folds(options: FoldOptions = {}): Fold[] {
    const rows = this.#get((raw) => raw.folds(options));
    const none = new Uint32Array();
    return Array.from({ length: rows.length / 2 }, (_, fold) => ({
      train: rows[2 * fold] ?? none,
      test: rows[2 * fold + 1] ?? none,
    }));
  }

  /** The table as CSV, with a header; missing values are empty. */
  toCsv(): string {
    return this.#get((raw) => raw.toCsv());
  }

  /** The table as bytes, to hand it to a worker; `fromBytes` reads them. Not a format to keep. */
  toBytes(): Uint8Array {
    return this.#get((raw) => raw.toBytes());
  }

  /** Frees its memory at once. The table cannot be used any more. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#raw.free();
  }

  #get<T>(read: (raw: RawTable) => T): T {
    return calling(() => read(rawTable(this)));
  }

  #make(make: (raw: RawTable) => RawTable): Table {
    return new Table(this.#get(make));
  }
}

function range(start: number, end: number, length: number): [number, number] {
  const place = (index: number) =>
    Math.trunc(index < 0 ? Math.max(0, length + index) : Math.min(index, length));
  const from = place(start);
  return [from, Math.max(from, place(end))];
}

/** As `toBytes`, in pieces; `pause` is awaited between them. */
export async function bytesOf(raw: RawTable, pause: () => Promise<void>): Promise<Uint8Array> {
  const copy = calling(() => raw.copy());
  try {
    while (calling(() => copy.advance())) await pause();
    return calling(() => copy.bytes);
  } finally {
    copy.free();
  }
}

export { rawTable };
