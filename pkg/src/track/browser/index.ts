/** Browsers: a workspace is in the private file system of the page's origin, and one worker over all pages owns it. */
import { loadModule } from '#platform';
import { HedgerowError } from '../../error.js';
import type { Line, WorkspaceOptions } from '../line.js';
import { inMemory } from '../memory.js';
import { Client, type Means } from './client.js';

export { whyBlocked } from './blocked.js';

const means: Means = {
  spawn: () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
  module: () => loadModule('track'),
};

/** Opens a workspace. */
export async function openLine(options: WorkspaceOptions): Promise<Line> {
  if (options.memory) return inMemory();
  if (!navigator.locks || !navigator.storage?.getDirectory) {
    throw new HedgerowError(
      'this browser has no private files for this page. Open it over https in a window that is not private, or pass memory: true, which keeps nothing.',
      'no_private_files',
    );
  }
  // Some browsers ask the user first, which nothing waits for. Workers cannot ask.
  if (options.persist !== false) navigator.storage.persist?.().catch(() => {});
  return Client.open(options.name ?? 'default', means, options);
}
