/** Rows of requests that have but one: they are counted several at a time, for a call takes longer than a row. */
import { encode, MISSING } from '../memory.js';
import type { Column, Scores } from '../scorer.js';

/** Rows at a time, and bytes of their texts. */
const ROWS = 16;
const TEXTS = 2_048;

/** Some rows, column by column, as a recorder takes them: where there are fewer than `ROWS`, with gaps. */
export class Staged {
  #cells = new Float64Array();
  #words = new Uint32Array();
  #values = new Float64Array();
  readonly #classes = new Uint32Array(ROWS);
  readonly #texts = new Uint8Array(TEXTS);
  rows = 0;
  textBytes = 0;

  get isFull(): boolean {
    return this.rows === ROWS;
  }

  /** Memory that it takes. */
  get allocated(): number {
    const arrays = [this.#cells, this.#values, this.#classes, this.#texts];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Whether there was room for the texts of a row, which is added then. */
  add(columns: readonly Column[], { values, classes }: Scores): boolean {
    if (this.#cells.length !== columns.length * ROWS) this.#make(columns.length);
    if (this.#values.length !== values.length * ROWS) this.#values = new Float64Array(values.length * ROWS);
    const row = this.rows;
    let end = this.textBytes;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as Column;
      const cell = index * ROWS + row;
      if (column instanceof Float64Array) {
        this.#cells[cell] = column[0] as number;
        continue;
      }
      const text = column[0] ?? null;
      // A UTF-16 unit takes three bytes in UTF-8 at most.
      if (text !== null && end + 3 * text.length > TEXTS) return false;
      const length = text === null ? MISSING : encode(text, this.#texts, end);
      this.#words[2 * cell] = end;
      this.#words[2 * cell + 1] = length;
      if (text !== null) end += length;
    }
    for (let output = 0; output < values.length; output++)
      this.#values[row * values.length + output] = values[output] as number;
    this.#classes[row] = classes[0] as number;
    this.rows += 1;
    this.textBytes = end;
    return true;
  }

  /** Columns, their texts, and the scores of all rows, without gaps; then there are none. */
  take(): { cells: Float64Array; texts: Uint8Array; values: Float64Array; classes: Uint32Array } {
    const { rows, textBytes } = this;
    this.rows = this.textBytes = 0;
    const outputs = this.#values.length / ROWS;
    return {
      cells: rows === ROWS ? this.#cells : this.#close(rows),
      texts: this.#texts.subarray(0, textBytes),
      values: this.#values.subarray(0, rows * outputs),
      classes: this.#classes.subarray(0, rows),
    };
  }

  #make(columns: number): void {
    this.#cells = new Float64Array(columns * ROWS);
    this.#words = new Uint32Array(this.#cells.buffer);
  }

  #close(rows: number): Float64Array {
    const columns = this.#cells.length / ROWS;
    for (let column = 1; column < columns; column++)
      this.#cells.copyWithin(column * rows, column * ROWS, column * ROWS + rows);
    return this.#cells.subarray(0, columns * rows);
  }
}
