/**
 * Tells how much memory the WebAssembly of this process has, workers included. To be imported before
 * the package.
 */
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import './instances.js';

const workers = [];

/** Starts its script by way of memory-worker.cjs, which sends its size before every message. */
threads.Worker = class extends threads.Worker {
  #index = workers.push(0) - 1;

  constructor(script, options) {
    super(new URL('memory-worker.cjs', import.meta.url), { ...options, argv: [String(script)] });
  }

  /** The package is not to see those messages. */
  emit(event, ...args) {
    const wasmBytes = event === 'message' ? args[0]?.wasmBytes : undefined;
    if (wasmBytes === undefined) return super.emit(event, ...args);
    workers[this.#index] = wasmBytes;
    return true;
  }
};
syncBuiltinESMExports();

/** Bytes of this thread's instances. */
export function ofThisThread() {
  return globalThis.wasmBytes();
}

/** Bytes of the instances of this thread and of all workers it ever had. */
export function ofAllThreads() {
  return workers.reduce((sum, bytes) => sum + bytes, ofThisThread());
}
