/** Lets the event loop handle everything that waits, without the 4 ms that timers cost. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * Makes a function to call between pieces of long work: it throws when `signal` is aborted, and lets
 * the event loop run when that is more than 8 ms ago.
 */
export function pauses(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > 8) {
      await yieldToEventLoop();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Awaited between pieces of long work; nothing where nobody waits for this thread. */
export type Pause = (() => Promise<void>) | undefined;

/** Rows of the first piece, of which some learners predict a few a millisecond, and those of all that is left. */
const FEW = 8;
const ALL = 2 ** 31;

/** Milliseconds that a piece takes at least, unless it is the first ones or the last. */
const LONG = 10;

/**
 * Calls `advance` with a number of rows to predict, again and again, until it says that nothing is left. It says how
 * many it did, so that the next piece takes a time that one may wait for.
 */
export async function inPieces(advance: (rows: number) => number | undefined, pause: Pause): Promise<void> {
  let rows = pause ? FEW : ALL;
  for (;;) {
    const begun = performance.now();
    const done = advance(rows);
    if (done === undefined) return;
    const took = performance.now() - begun;
    if (done === rows && took < LONG) rows = Math.min(rows * 2, ALL);
    else if (done > 0 && took > 3 * LONG) rows = Math.max(1, Math.floor(Math.min(rows, done) / 2));
    await pause?.();
  }
}
