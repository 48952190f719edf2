/** Counts in the storage of a Durable Object of Cloudflare, one of those with SQLite. */
import type { Backing } from './backing.js';

/** What is needed of `ctx.storage`. */
export interface DurableStorage {
  sql: {
    exec(query: string, ...bindings: (string | ArrayBuffer)[]): { toArray(): Record<string, unknown>[] };
  };
  transactionSync<T>(make: () => T): T;
}

/** Cloudflare answers for an object only once what it wrote is kept. */
export function durableBacking(storage: DurableStorage): Backing {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID');
  return {
    get(key) {
      const [row] = sql.exec('SELECT value FROM kept WHERE key = ?', key).toArray();
      return row && new Uint8Array(row.value as ArrayBuffer);
    },
    keys(prefix) {
      // The character behind every other that a key has.
      const rows = sql.exec(
        'SELECT key FROM kept WHERE key >= ? AND key < ? ORDER BY key',
        prefix,
        `${prefix}\u{10ffff}`,
      );
      return rows.toArray().map(({ key }) => String(key));
    },
    async commit(changes) {
      storage.transactionSync(() => {
        for (const [key, value] of changes) {
          if (value === undefined) sql.exec('DELETE FROM kept WHERE key = ?', key);
          else sql.exec('INSERT OR REPLACE INTO kept VALUES (?, ?)', key, bufferOf(value));
        }
      });
    },
  };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
