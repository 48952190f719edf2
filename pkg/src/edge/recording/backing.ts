/** Where counts are kept: values by their keys, changed several at a time or not at all. */

/** Values by key; `undefined` removes one. */
export type Changes = ReadonlyMap<string, Uint8Array | undefined>;

/** A small store of values. */
export interface Backing {
  get(key: string): Uint8Array | undefined;
  /** The keys that begin so, in order. */
  keys(prefix: string): string[];
  /** Makes all changes, or none: once it resolves they are there whatever happens, and if it rejects none is. */
  commit(changes: Changes): Promise<void>;
}

/** In memory: gone with the worker. */
export function memoryBacking(values = new Map<string, Uint8Array>()): Backing {
  return {
    get: (key) => values.get(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
    async commit(changes) {
      apply(values, changes);
    },
  };
}

/** Makes changes in a map. */
export function apply(values: Map<string, Uint8Array>, changes: Changes): void {
  for (const [key, value] of changes) {
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
}
