/** Node: `worker_threads`, and files read through `node:fs`. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../thread.js';

export type { PackageFile } from './browser.js';
export { loadBytes, loadModule } from './runtime.js';

/** Starts a worker. */
export function spawn(): Thread {
  // The flags of the main thread (`--input-type`, `--import`, …) are not meant for this file.
  const worker = new Worker(new URL('../worker-node.cjs', import.meta.url), { execArgv: [] });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as never),
    listen(onMessage, onFailure) {
      worker.on('message', onMessage);
      worker.on('error', (error: Error) => onFailure(error.message));
      worker.on('messageerror', (error: Error) => onFailure(error.message));
      worker.on('exit', (code) => onFailure(`it ended with exit code ${code}`));
    },
    terminate: () => void worker.terminate(),
  };
}

/** Threads that can run at once. */
export function concurrency(): number {
  return availableParallelism();
}
