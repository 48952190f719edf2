/** Which deltas a store has, by worker, so that one that is told twice counts once. */
import type { Numbered } from '../telling.js';
import type { Backing } from './backing.js';

const PREFIX = 'worker/';
const TURN = 'turn';

export class Told {
  readonly #backing: Backing;
  readonly #most: number;

  /** Of so many workers at least; those that told least recently are forgotten. */
  constructor(backing: Backing, most = 10_000) {
    this.#backing = backing;
    this.#most = most;
  }

  has({ worker, sequence }: Numbered): boolean {
    const [last = 0] = numbersOf(this.#backing.get(PREFIX + worker));
    return !(sequence > last);
  }

  /** Adds what remembers a delta to the changes that it makes. */
  remember(changes: Map<string, Uint8Array | undefined>, { worker, sequence }: Numbered): void {
    const [turn = 0] = numbersOf(this.#backing.get(TURN));
    changes.set(TURN, bytesOf(turn + 1));
    changes.set(PREFIX + worker, bytesOf(sequence, turn));
    if (turn % this.#most !== this.#most - 1) return;
    for (const key of this.#backing.keys(PREFIX)) {
      const [, last = 0] = numbersOf(this.#backing.get(key));
      if (last < turn - this.#most) changes.set(key, undefined);
    }
  }
}

function bytesOf(...numbers: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(numbers).buffer);
}

function numbersOf(bytes: Uint8Array = new Uint8Array()): Float64Array {
  return new Float64Array(bytes.slice().buffer);
}
