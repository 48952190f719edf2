/** Points that wait to be saved, as numbers: thousands a second are neither objects nor text. */
import { HedgerowError } from '../error.js';

/** Numbers of a point: which metric, value, step and time. */
const EACH = 4;

/** Characters of a metric's name at most, as in MLflow. */
const LONGEST = 250;

/** Points as a request has them. */
export interface Packed {
  keys: string[];
  bytes: Uint8Array;
}

interface Metric {
  place: number;
  /** The last step. */
  step: number;
}

/** The points of a run, in the order in which they were logged. */
export class Points {
  readonly #keys: string[] = [];
  readonly #metrics = new Map<string, Metric>();
  #numbers: number[] = [];

  /** How many there are. */
  get size(): number {
    return this.#numbers.length / EACH;
  }

  /** Adds one; without a step it has the one behind the last of its metric. */
  add(key: string, value: number, step?: number): void {
    const known = this.#metrics.get(key);
    const at = step ?? (known ? known.step + 1 : 0);
    if (!known) checkKey(key);
    checkPoint(key, value, at);
    const metric = known ?? this.#added(key);
    metric.step = at;
    this.#numbers.push(metric.place, value, at, Date.now());
  }

  /** All that there are, in parts of so many; here there are none any more. */
  take(most: number): number[][] {
    const [numbers, length] = [this.#numbers, most * EACH];
    this.#numbers = [];
    const parts = Math.ceil(numbers.length / length);
    return Array.from({ length: parts }, (_, part) => numbers.slice(part * length, (part + 1) * length));
  }

  /** Gives parts back that could not be saved; they are older than what came since. */
  giveBack(parts: number[][]): void {
    this.#numbers = parts.flat().concat(this.#numbers);
  }

  /** A part with the names of its metrics. */
  pack(part: number[]): Packed {
    const numbers = Float64Array.from(part);
    const places = new Map<number, number>();
    for (let at = 0; at < numbers.length; at += EACH) {
      const place = numbers[at] as number;
      const own = places.get(place) ?? places.size;
      places.set(place, own);
      numbers[at] = own;
    }
    const keys = Array.from(places.keys(), (place) => this.#keys[place] as string);
    return { keys, bytes: new Uint8Array(numbers.buffer) };
  }

  #added(key: string): Metric {
    const metric = { place: this.#keys.length, step: -1 };
    this.#keys.push(key);
    this.#metrics.set(key, metric);
    return metric;
  }
}

// What would be refused with all that is saved together with it.

function checkKey(key: string): void {
  if (key.trim() !== '' && Array.from(key).length <= LONGEST) return;
  throw new HedgerowError(
    `metric ${JSON.stringify(key)} needs a name of 1 to ${LONGEST} characters.`,
    'bad_value',
    { value: key },
  );
}

function checkPoint(key: string, value: number, step: number): void {
  if (typeof value === 'number' && Number.isSafeInteger(step)) return;
  throw new HedgerowError(
    `metric ${JSON.stringify(key)} has the value ${String(value)} at step ${String(step)}, but takes a number at a whole one.`,
    'bad_value',
    { value: String(value) },
  );
}
