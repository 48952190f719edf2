/** Predictions that a worker holds until its store has them: they wait for their labels there. */
import type { Scores } from '../scorer.js';
import type { Kept } from './waiting.js';

/** Requests at most while the store does not answer, and bytes of their predictions. */
const REQUESTS = 10_000;
const BYTES = 2 ** 23;

/** Bytes of the predictions of a request at most: what a store keeps in one piece. */
const PIECE = 2 ** 20;

/** Room for so many numbers at first, and at most while there are none. */
const FEW = 64;
const MANY = 1_024;

/** One behind the other, so that little is to be done for a request. */
export class Held {
  #ids: string[] = [];
  #rows: number[] = [];
  #values = new Float64Array(FEW);
  #classes = new Uint32Array(FEW);
  #valuesEnd = 0;
  #classesEnd = 0;

  /** Whether there was room for the predictions of a request. */
  keep(id: string, rows: number, { values, classes }: Scores): boolean {
    const bytes = (more: number, all: number) => more * 8 + all * 4;
    const isTooLarge = bytes(values.length, rows) > PIECE;
    const end = bytes(this.#valuesEnd + values.length, this.#classesEnd + rows);
    if (isTooLarge || end > BYTES || this.#ids.length >= REQUESTS) return false;
    this.#values = grown(this.#values, this.#valuesEnd + values.length);
    this.#classes = grown(this.#classes, this.#classesEnd + rows);
    for (let at = 0; at < values.length; at++) this.#values[this.#valuesEnd + at] = values[at] as number;
    for (let at = 0; at < rows; at++) this.#classes[this.#classesEnd + at] = classes[at] as number;
    this.#valuesEnd += values.length;
    this.#classesEnd += rows;
    this.#ids.push(id);
    this.#rows.push(rows);
    return true;
  }

  /** All of them; then there are none. */
  take(): Kept {
    const kept = {
      ids: this.#ids,
      rows: this.#rows,
      values: this.#values.slice(0, this.#valuesEnd),
      classes: this.#classes.slice(0, this.#classesEnd),
    };
    this.#ids = [];
    this.#rows = [];
    this.#valuesEnd = this.#classesEnd = 0;
    // What was long once is not for ever.
    if (this.#values.length > MANY) this.#values = new Float64Array(FEW);
    if (this.#classes.length > MANY) this.#classes = new Uint32Array(FEW);
    return kept;
  }
}

/** The same, with room for so many. */
function grown<A extends Float64Array | Uint32Array>(array: A, length: number): A {
  if (length <= array.length) return array;
  const more = new (array.constructor as new (length: number) => A)(Math.max(length, 2 * array.length));
  more.set(array);
  return more;
}
