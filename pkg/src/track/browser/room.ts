/** How much room there is left, looked at now and then. */
import type { StorageInfo } from '../line.js';

/** Milliseconds between two looks. */
const EVERY = 5_000;

/** Bytes, and the share of all, below which there is little room. */
const FEW = 10_000_000;
const SHARE = 0.05;

export async function storage(): Promise<StorageInfo> {
  const [{ usage = 0, quota }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  return quota === undefined ? { usage, persisted } : { usage, quota, persisted };
}

/** Tells once when room becomes little, and again when it does after there was more. */
export class Room {
  readonly #tell: (storage: StorageInfo) => void;
  #last = Number.NEGATIVE_INFINITY;
  #low = false;

  constructor(tell: (storage: StorageInfo) => void) {
    this.#tell = tell;
  }

  /** To be called with every request. */
  async look(): Promise<void> {
    if (performance.now() - this.#last < EVERY) return;
    this.#last = performance.now();
    const found = await storage();
    const { usage, quota = Number.POSITIVE_INFINITY } = found;
    const low = quota - usage < Math.max(FEW, SHARE * quota);
    if (low && !this.#low) this.#tell(found);
    this.#low = low;
  }
}
