/** What counts rows: the module beside an exported model's scorer, through its C ABI. */
import { HedgerowError } from '../../error.js';
import { type Memory, memoryOf, textRoom, writeColumns } from '../memory.js';
import type { Column, Scores } from '../scorer.js';
import type { Report } from './report.js';
import { Staged } from './staged.js';

/** Counts rows into a profile that is taken away from time to time, and adds up profiles of other times and workers. */
export interface Recorder {
  /** Counts rows, with what was said of them. */
  record(columns: readonly Column[], rows: number, scores: Scores): void;
  /** The profile of what was counted; counting begins anew. */
  take(): Uint8Array;
  /**
   * The sum of profiles.
   *
   * @throws {HedgerowError} `damaged_profile`, `profile_of_another_model`.
   */
  sum(profiles: Iterable<Uint8Array>): Uint8Array;
  /**
   * A profile of outcomes alone.
   *
   * @param rows Of each row the truth (a class's number, or a value), what was predicted (likewise), and the scorer's
   * numbers.
   */
  judge(rows: Float64Array): Uint8Array;
  /**
   * The last of some profiles, each of a window of time and with rows, beside that of the training rows; and all of
   * them held to rules: a JSON list, or an empty text for the default ones.
   *
   * @throws {HedgerowError} `bad_rules`, `no_rows`, and those of `sum`.
   */
  report(windows: readonly Uint8Array[], rules: string): Report;
  /** Bytes that it has allocated: layout, counts, the rows of the largest request, and those that wait for others. */
  readonly allocated: number;
}

/** The functions of the module, version 1. All numbers are unsigned, of 32 bits. */
interface Exports {
  memory: WebAssembly.Memory;
  recorder_abi(): number;
  recorder_load(): number;
  recorder_input(rows: number, textBytes: number): number;
  recorder_record(): number;
  recorder_take(): number;
  recorder_room(length: number): number;
  recorder_add(): number;
  recorder_judge(): number;
  recorder_window(): number;
  recorder_sum(): number;
  recorder_report(): number;
  recorder_result(): number;
  recorder_memory(): number;
  recorder_error(): number;
}

const ABI = 1;

/** Codes of the statuses of the ABI that tell something other than a broken caller. */
const CODES: Readonly<Record<number, string>> = {
  1: 'no_training_profile',
  2: 'damaged_training_profile',
  3: 'too_large',
  5: 'damaged_profile',
  6: 'profile_of_another_model',
  7: 'bad_rules',
  8: 'no_rows',
};

export const Recorder = {
  /**
   * Makes a recorder of the module that was exported beside a model.
   *
   * @throws {HedgerowError} `not_a_recorder`, `no_training_profile`, `damaged_training_profile`.
   */
  from(module: WebAssembly.Module): Recorder {
    const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    if (typeof exports.recorder_abi !== 'function' || exports.recorder_abi() !== ABI) {
      const message = `this module is no recorder of ABI version ${ABI}. Export the model with this version of hedgerow.`;
      throw new HedgerowError(message, 'not_a_recorder');
    }
    return new Module(exports);
  },
};

class Module implements Recorder {
  readonly #exports: Exports;
  readonly #memory: Memory;
  readonly #staged = new Staged();

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#memory = memoryOf(exports.memory);
    this.#check(exports.recorder_load());
  }

  record(columns: readonly Column[], rows: number, scores: Scores): void {
    if (rows !== 1 || !this.#staged.add(columns, scores)) this.#record(columns, rows, scores);
    else if (this.#staged.isFull) this.#recordStaged();
  }

  #record(columns: readonly Column[], rows: number, { values, classes, input }: Scores): void {
    const cells = columns.length * rows * 8;
    const room = ((input ? input.length - cells : textRoom(columns)) + 7) & ~7;
    const address = this.#room(rows, room);
    const views = this.#memory();
    if (input) views.bytes.set(input, address);
    else writeColumns(views, address, columns, rows);
    this.#score(address + cells + room, values, classes);
  }

  #recordStaged(): void {
    const { rows, textBytes } = this.#staged;
    if (rows === 0) return;
    const room = (textBytes + 7) & ~7;
    const { cells, texts, values, classes } = this.#staged.take();
    const address = this.#room(rows, room);
    const { numbers, bytes } = this.#memory();
    numbers.set(cells, address >>> 3);
    bytes.set(texts, address + cells.byteLength);
    this.#score(address + cells.byteLength + room, values, classes);
  }

  /** The address of room for so many rows, and so many bytes of text. */
  #room(rows: number, textBytes: number): number {
    const address = this.#exports.recorder_input(rows, textBytes) >>> 0;
    if (address === 0) throw this.#failure();
    return address;
  }

  /** Writes what was said of the rows behind them, and counts all. */
  #score(output: number, values: Float64Array, classes: Uint32Array): void {
    const { numbers, words } = this.#memory();
    numbers.set(values, output >>> 3);
    words.set(classes, (output + values.length * 8) >>> 2);
    this.#check(this.#exports.recorder_record());
  }

  take(): Uint8Array {
    this.#recordStaged();
    return this.#result(this.#exports.recorder_take());
  }

  sum(profiles: Iterable<Uint8Array>): Uint8Array {
    this.#addUp(profiles);
    return this.#result(this.#exports.recorder_sum());
  }

  judge(rows: Float64Array): Uint8Array {
    this.#give(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
    this.#check(this.#exports.recorder_judge());
    return this.#result(this.#exports.recorder_sum());
  }

  report(windows: readonly Uint8Array[], rules: string): Report {
    windows.forEach((profile, index) => {
      if (index > 0) this.#check(this.#exports.recorder_window());
      this.#addUp([profile]);
    });
    this.#give(new TextEncoder().encode(rules));
    return JSON.parse(new TextDecoder().decode(this.#result(this.#exports.recorder_report())));
  }

  get allocated(): number {
    return (this.#exports.recorder_memory() >>> 0) + this.#staged.allocated;
  }

  #addUp(profiles: Iterable<Uint8Array>): void {
    try {
      for (const profile of profiles) {
        this.#give(profile);
        this.#check(this.#exports.recorder_add());
      }
    } catch (error) {
      // What was added before is not part of the next sum.
      this.#exports.recorder_sum();
      throw error;
    }
  }

  #give(bytes: Uint8Array): void {
    const address = this.#exports.recorder_room(bytes.length) >>> 0;
    if (address === 0) throw this.#failure();
    this.#memory().bytes.set(bytes, address);
  }

  #result(status: number): Uint8Array {
    this.#check(status);
    const at = this.#exports.recorder_result() >>> 2;
    const { words, bytes } = this.#memory();
    const address = words[at] ?? 0;
    return bytes.slice(address, address + (words[at + 1] ?? 0));
  }

  #check(status: number): void {
    if (status !== 0) throw this.#failure();
  }

  #failure(): HedgerowError {
    const at = this.#exports.recorder_error() >>> 2;
    const { words, bytes } = this.#memory();
    const [status = 0, address = 0, length = 0] = words.subarray(at, at + 3);
    const message = new TextDecoder().decode(bytes.subarray(address, address + length));
    return new HedgerowError(message, CODES[status] ?? 'internal_error');
  }
}
