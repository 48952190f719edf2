/** Requests that wait for what comes of them: who answered, and what was predicted. */
import type { Backing } from '../recording/backing.js';
import type { List } from '../shapes.js';

/** What is kept of a request. */
export interface Kept {
  id: string;
  /** The unit's id, where the request is part of the experiment. */
  unit?: string | undefined;
  /** The variant that answered. */
  variant: string;
  rows: number;
  /** One a row, where they are short enough. */
  predictions?: List | undefined;
  /** Rows whose outcome is known. */
  done?: readonly number[];
}

const PREFIX = 'request/';
const DIGITS = 12;

/** The oldest are dropped where there are too many. */
export class Requests {
  readonly #backing: Backing;
  readonly #most: number;
  /** The keys by request id, the oldest first; read when they are first needed. */
  #keys: Map<string, string> | undefined;

  constructor(backing: Backing, most = 10_000) {
    this.#backing = backing;
    this.#most = most;
  }

  get size(): number {
    return this.#known().size;
  }

  /** The changes that keep some more. Of two with one id the first is kept. */
  keep(more: readonly Kept[]): Map<string, Uint8Array | undefined> {
    const keys = this.#known();
    let next = Number([...keys.values()].at(-1)?.split('/')[1] ?? 0) + 1;
    const added = new Map<string, Kept>();
    for (const kept of more) if (!keys.has(kept.id) && !added.has(kept.id)) added.set(kept.id, kept);
    const newest = [...added.values()].slice(Math.max(0, added.size - this.#most));
    const changes = new Map<string, Uint8Array | undefined>();
    for (const kept of newest)
      changes.set(`${PREFIX}${String(next++).padStart(DIGITS, '0')}/${kept.id}`, bytesOf(kept));
    const tooMany = Math.max(0, keys.size + newest.length - this.#most);
    for (const key of [...keys.values()].slice(0, tooMany)) changes.set(key, undefined);
    return changes;
  }

  find(id: string): Kept | undefined {
    const key = this.#known().get(id);
    const bytes = key === undefined ? undefined : this.#backing.get(key);
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }

  /** The change that keeps more of a request that is kept. */
  change(kept: Kept): [string, Uint8Array] {
    return [this.#known().get(kept.id) ?? PREFIX, bytesOf(kept)];
  }

  /** Changes were made. */
  commit(changes: ReadonlyMap<string, Uint8Array | undefined>): void {
    const keys = this.#known();
    for (const [key, value] of changes) {
      if (!key.startsWith(PREFIX)) continue;
      if (value) keys.set(idOf(key), key);
      else keys.delete(idOf(key));
    }
  }

  #known(): Map<string, string> {
    this.#keys ??= new Map(this.#backing.keys(PREFIX).map((key) => [idOf(key), key]));
    return this.#keys;
  }
}

/** A key is `request/ORDINAL/ID`; an id may have slashes. */
function idOf(key: string): string {
  return key.split('/').slice(2).join('/');
}

function bytesOf(kept: Kept): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(kept));
}
