/** The WebAssembly of workspaces, loaded with the first one. */
import { once } from '../once.js';
import init, { Workspace } from './hedgerow_track.js';

/** What messages call it. */
export const KEEPER = 'what keeps workspaces';

export const loaded = once(KEEPER, async (module: () => Promise<WebAssembly.Module>) => {
  await init({ module_or_path: await module() });
  return Workspace;
});
