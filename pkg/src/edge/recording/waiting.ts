/** Predictions that wait for their labels: what was said of the rows of a request, and none of their features. */
import type { Description } from '../description.js';
import type { Backing, Changes } from './backing.js';
import type { Fate, Label, Summary } from './store.js';

/** What was predicted for some requests, one behind the other. */
export interface Kept {
  ids: readonly string[];
  /** Of each request. */
  rows: readonly number[];
  /** The scorer's numbers, row by row. */
  values: Float64Array;
  /** The predicted class of each row. */
  classes: Uint32Array;
}

/** Requests, their rows, and the bytes of those, at most. */
const REQUESTS = 10_000;
const ROWS_OF_A_REQUEST = 10;
const BYTES = 2 ** 26;

const PREFIX = 'waiting/';
const DIGITS = 12;

/** What is kept of a request: a byte a row, whether its label is known, up to a multiple of 8; then its scores. */
function bytesFor(rows: number, values: Float64Array, classes: Uint32Array): Uint8Array {
  const begin = marksOf(rows);
  const bytes = new Uint8Array(bytesOf(rows, values.length / rows));
  new Float64Array(bytes.buffer, begin, values.length).set(values);
  new Uint32Array(bytes.buffer, begin + values.length * 8, rows).set(classes);
  return bytes;
}

/** Bytes that are kept of so many rows. */
function bytesOf(rows: number, outputs: number): number {
  return marksOf(rows) + rows * (outputs * 8 + 4);
}

function marksOf(rows: number): number {
  return (rows + 7) & ~7;
}

/** What becomes of labels. */
export interface Joined {
  changes: Map<string, Uint8Array | undefined>;
  fates: Fate[];
  outcomes: ReadonlyMap<number, readonly number[]>;
}

/** The oldest are dropped where there are too many. */
export class Waiting {
  readonly #backing: Backing;
  readonly #description: Description;
  readonly #most: number;
  readonly #mostRows: number;
  readonly #outputs: number;
  /** The keys by request id, the oldest first; read when they are first needed. */
  #keys: Map<string, string> | undefined;

  constructor(backing: Backing, description: Description, most = REQUESTS) {
    this.#backing = backing;
    this.#description = description;
    this.#most = most;
    this.#outputs = description.outputs;
    this.#mostRows = Math.min(most * ROWS_OF_A_REQUEST, BYTES / bytesOf(1, description.outputs));
  }

  /** The changes that keep predictions of an hour. Of two requests with one id the first is kept. */
  keep(more: Kept, start: number): [string, Uint8Array | undefined][] {
    const keys = this.#known();
    const changes = new Map<string, Uint8Array | undefined>();
    let next = ordinalOf([...keys.values()].at(-1)) + 1;
    const added = new Map<string, string>();
    let to = 0;
    for (const [index, id] of more.ids.entries()) {
      const rows = more.rows[index] ?? 0;
      const from = to;
      to += rows;
      if (keys.has(id) || added.has(id)) continue;
      const values = more.values.subarray(from * this.#outputs, to * this.#outputs);
      const bytes = bytesFor(rows, values, more.classes.subarray(from, to));
      const key = `${PREFIX}${String(next++).padStart(DIGITS, '0')}/${rows}/${start}/${id}`;
      changes.set(key, bytes);
      added.set(id, key);
    }
    const dropped = this.#drop([...keys.values(), ...added.values()]);
    for (const key of dropped) {
      if (changes.has(key)) changes.delete(key);
      else changes.set(key, undefined);
    }
    if (dropped.length > 0) changes.set('dropped', count(this.#count('dropped') + dropped.length));
    return [...changes];
  }

  /** The oldest of some keys, beyond the most requests or rows. */
  #drop(keys: readonly string[]): string[] {
    let rows = 0;
    let kept = 0;
    for (const key of [...keys].reverse()) {
      rows += rowsOf(key);
      if (kept >= this.#most || rows > this.#mostRows) break;
      kept += 1;
    }
    return keys.slice(0, keys.length - kept);
  }

  /** What changes by labels, what becomes of each, and the outcomes of rows by their hour, as a recorder takes them. */
  join(labels: readonly Label[]): Joined {
    const changes = new Map<string, Uint8Array | undefined>();
    const outcomes = new Map<number, number[]>();
    const fates = labels.map(({ id, row, label }): Fate => {
      const key = this.#known().get(id);
      if (key === undefined) return 'unknown_id';
      const bytes = changes.get(key) ?? this.#backing.get(key)?.slice();
      if (!bytes || !(row < rowsOf(key))) return 'unknown_row';
      if (bytes[row] !== 0) return 'repeated_label';
      const truth = truthOf(label, this.#description);
      if (typeof truth === 'string') return truth;
      bytes[row] = 1;
      changes.set(key, bytes);
      const hour = Number(key.split('/')[3]);
      const known = outcomes.get(hour) ?? [];
      known.push(truth, ...this.#answer(bytes, rowsOf(key), row));
      outcomes.set(hour, known);
      return 'counted';
    });
    for (const fate of new Set(fates)) {
      const more = fates.filter((one) => one === fate).length;
      changes.set(`label/${fate}`, count(this.#count(`label/${fate}`) + more));
    }
    return { changes, fates, outcomes };
  }

  /** What was predicted of a row, and the scorer's numbers. */
  #answer(bytes: Uint8Array, rows: number, row: number): number[] {
    const { outputs, task } = this.#description;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const begin = marksOf(rows);
    const values = Array.from({ length: outputs }, (_, output) =>
      view.getFloat64(begin + (row * outputs + output) * 8, true),
    );
    const predicted =
      task === 'regression' ? values[0] : view.getUint32(begin + rows * outputs * 8 + row * 4, true);
    return [predicted ?? Number.NaN, ...values];
  }

  /** Changes were made. */
  commit(changes: Changes): void {
    const keys = this.#known();
    for (const [key, value] of changes) {
      if (!key.startsWith(PREFIX)) continue;
      if (value) keys.set(idOf(key), key);
      else keys.delete(idOf(key));
    }
  }

  counts(): Pick<Summary, 'waiting' | 'dropped' | 'labels'> {
    const of = (fate: Fate) => this.#count(`label/${fate}`);
    return {
      waiting: this.#known().size,
      dropped: this.#count('dropped'),
      labels: {
        counted: of('counted'),
        unknown_id: of('unknown_id'),
        unknown_row: of('unknown_row'),
        repeated_label: of('repeated_label'),
        bad_label: of('bad_label'),
        unknown_class: of('unknown_class'),
      },
    };
  }

  #known(): Map<string, string> {
    this.#keys ??= new Map(this.#backing.keys(PREFIX).map((key) => [idOf(key), key]));
    return this.#keys;
  }

  #count(key: string): number {
    const bytes = this.#backing.get(key);
    return bytes ? new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0) : 0;
  }
}

function count(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, number);
  return bytes;
}

/** A key is `waiting/ORDINAL/ROWS/HOUR/ID`; an id may have slashes. */
function idOf(key: string): string {
  return key.split('/').slice(4).join('/');
}

function rowsOf(key: string): number {
  return Number(key.split('/')[2]);
}

function ordinalOf(key: string | undefined): number {
  return Number(key?.split('/')[1] ?? 0);
}

/** A label as a class's number, or as the value that a regression should have predicted. */
function truthOf(label: unknown, { classes, task }: Description): number | 'bad_label' | 'unknown_class' {
  if (task === 'regression') return typeof label === 'number' && Number.isFinite(label) ? label : 'bad_label';
  if (!['string', 'number', 'boolean'].includes(typeof label)) return 'bad_label';
  const place = classes.indexOf(String(label));
  return place < 0 ? 'unknown_class' : place;
}
