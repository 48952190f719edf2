/** A model as an exported module, through its C ABI. */
import { HedgerowError } from '../error.js';
import type { Description } from './description.js';
import { type Memory, memoryOf, textRoom, writeColumns } from './memory.js';

/**
 * The values of a feature, one a row: numbers (NaN is missing; booleans are 0 or 1, dates milliseconds
 * since 1970-01-01T00:00:00Z), or strings (`null` is missing).
 */
export type Column = Float64Array | readonly (string | null)[];

/** What a model says of some rows. */
export interface Scores {
  /** `outputs` numbers a row, row by row: the probability of every class, or one value. */
  values: Float64Array;
  /** One a row: the predicted class, as an index into `classes`; 0 of a regression. */
  classes: Uint32Array;
  /** The rows as they are in the module's memory, until it scores others. */
  input?: Uint8Array;
}

/** A model that scores rows. */
export interface Scorer {
  readonly description: Description;
  /**
   * Scores rows.
   *
   * @param columns One a feature, in the order of `description.features`.
   * @param rows How many values each of them has.
   * @throws {HedgerowError} `too_large`, `not_finite`.
   */
  score(columns: readonly Column[], rows: number): Scores;
}

/** The functions of an exported module, version 1. All numbers are unsigned, of 32 bits. */
interface Exports {
  memory: WebAssembly.Memory;
  hedgerow_abi(): number;
  /** The address of room for an image handed over at run time; 0 where it is too large. */
  hedgerow_image(length: number): number;
  /** Checks the image; the status. */
  hedgerow_load(): number;
  /** The address of address and length of a JSON text. */
  hedgerow_description(): number;
  /** The address of room for so many rows, and so many bytes of text; 0 where it is too large. */
  hedgerow_input(rows: number, textBytes: number): number;
  /** Scores the input; the status. */
  hedgerow_score(): number;
  /** The address of all rows' outputs, and of their classes after them. */
  hedgerow_output(): number;
  /** The address of status, row, column, and address and length of a text. */
  hedgerow_error(): number;
}

const ABI = 1;
const NOWHERE = 0xffffffff;

/** Codes of the statuses of the ABI that tell something other than a broken caller. */
const CODES: Readonly<Record<number, string>> = {
  1: 'model_missing',
  2: 'model_damaged',
  3: 'model_later_version',
  4: 'too_large',
  5: 'not_finite',
};

export const Scorer = {
  /**
   * Makes a scorer of an exported module, or of an instance of one.
   *
   * @param image The model, for a module that holds none: the content of the exported image file.
   * @throws {HedgerowError} `not_a_scorer`, `model_missing`, `model_damaged`, `model_later_version`, `too_large`.
   */
  from(source: WebAssembly.Module | WebAssembly.Instance, image?: Uint8Array): Scorer {
    const exports = exportsOf(source);
    const memory = memoryOf(exports.memory);
    if (image) hand(exports, memory, image);
    if (exports.hedgerow_load() !== 0) throw failure(exports, memory);
    const description = describe(exports, memory);
    return { description, score: (columns, rows) => score(exports, memory, description, columns, rows) };
  },
};

/** An instance of another realm is none by `instanceof`, so it is told by what it has. */
function exportsOf(source: WebAssembly.Module | WebAssembly.Instance): Exports {
  const instance = 'exports' in source ? source : new WebAssembly.Instance(source, {});
  const exports = instance.exports as unknown as Exports;
  if (typeof exports.hedgerow_abi === 'function' && exports.hedgerow_abi() === ABI) return exports;
  throw new HedgerowError(
    `this module is not a Hedgerow model of ABI version ${ABI}. Export the model with this version of hedgerow.`,
    'not_a_scorer',
  );
}

function hand(exports: Exports, memory: Memory, image: Uint8Array): void {
  const address = exports.hedgerow_image(image.length) >>> 0;
  if (address === 0) {
    const message =
      'the image is too large, or the instance has a model already. Take a new instance of the module.';
    throw new HedgerowError(message, 'too_large');
  }
  memory().bytes.set(image, address);
}

function describe(exports: Exports, memory: Memory): Description {
  const at = exports.hedgerow_description() >>> 2;
  const { words } = memory();
  const description: Description = JSON.parse(textAt(memory, words[at] ?? 0, words[at + 1] ?? 0));
  return description;
}

function score(
  exports: Exports,
  memory: Memory,
  { outputs, features }: Description,
  columns: readonly Column[],
  rows: number,
): Scores {
  if (rows === 0) return { values: new Float64Array(), classes: new Uint32Array() };
  const address = exports.hedgerow_input(rows, textRoom(columns)) >>> 0;
  if (address === 0) throw tooLarge();
  const end = writeColumns(memory(), address, columns, rows);
  if (exports.hedgerow_score() !== 0) throw failure(exports, memory, features);
  const output = exports.hedgerow_output() >>> 0;
  const { numbers, words, bytes } = memory();
  const classes = (output + rows * outputs * 8) >>> 2;
  return {
    values: numbers.slice(output >>> 3, (output >>> 3) + rows * outputs),
    classes: words.slice(classes, classes + rows),
    input: bytes.subarray(address, end),
  };
}

function failure(exports: Exports, memory: Memory, features: Description['features'] = []): HedgerowError {
  const at = exports.hedgerow_error() >>> 2;
  const [status = 0, row = NOWHERE, column = NOWHERE, address = 0, length = 0] = memory().words.slice(
    at,
    at + 5,
  );
  const name = features[column]?.name;
  const message =
    textAt(memory, address, length) || `the model stopped with status ${status}. Export it again.`;
  return new HedgerowError(message, CODES[status] ?? 'internal_error', {
    ...(row !== NOWHERE && { row: row + 1 }),
    ...(name !== undefined && { column: name }),
  });
}

function tooLarge(): HedgerowError {
  return new HedgerowError('the model has no memory for so much. Send fewer rows at a time.', 'too_large');
}

function textAt(memory: Memory, address: number, length: number): string {
  return new TextDecoder().decode(memory().bytes.subarray(address, address + length));
}
