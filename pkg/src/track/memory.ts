/** A workspace in memory. */
import { loadModule } from '#platform';
import { Local } from './local.js';
import { loaded } from './module.js';

/** A workspace that is gone with this thread. */
export async function inMemory(): Promise<Local> {
  const { inMemory: open } = await loaded(() => loadModule('track'));
  return new Local({
    client: 'memory',
    open,
    lock: { take: async () => {}, release: () => {} },
    storage: () => ({ usage: 0, persisted: false }),
  });
}
