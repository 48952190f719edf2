/** The WebAssembly that monitors, loaded with its first use. */
import { loadModule } from '#platform';
import { withCrewOf } from '../crew.js';
import { once } from '../once.js';
import { pauses } from '../pause.js';
import type { Answer, Arguments, Operation } from '../protocol.js';
import { workerCount } from '../remote.js';
import init from './hedgerow_monitor.js';
import { Watcher } from './watcher.js';

const MONITOR = 'what monitors models';

const compiled = once(MONITOR, () => loadModule('monitor'));

/** Makes the module ready in this thread. */
export const loaded = once(MONITOR, async () => void (await init({ module_or_path: await compiled() })));

/** Where something is looked at. */
export interface WatchOptions {
  /** Default `'auto'`: in a worker. 0 is in the calling thread, which waits for it. */
  workers?: number | 'auto' | undefined;
  /** Aborting it ends the worker at once; the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
}

/** Has a worker, or this thread, do something; buffers of `args` in `transfer` are gone then. */
export async function watch<O extends Operation<'monitor'>>(
  operation: O,
  args: Arguments<'monitor', O>,
  transfer: Uint8Array[],
  { workers, signal }: WatchOptions,
): Promise<Answer<'monitor', O>> {
  signal?.throwIfAborted();
  if (workerCount(workers, 0) === 0) {
    await loaded();
    await pauses(signal)();
    const run = Watcher.prototype[operation] as unknown as (...given: typeof args) => Answer<'monitor', O>;
    return run(...args);
  }
  const module = await compiled();
  return withCrewOf({ engine: 'monitor', module }, signal, async ({ open }) => {
    const remote = await open();
    return remote.call(operation, args, { transfer: transfer.map(({ buffer }) => buffer as ArrayBuffer) });
  });
}
