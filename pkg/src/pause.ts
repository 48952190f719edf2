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
