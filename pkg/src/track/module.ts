/** The WebAssembly of workspaces, loaded with the first one. */
import { HedgerowError } from '../error.js';
import init, { Workspace } from './hedgerow_track.js';

let loading: Promise<unknown> | undefined;

/** Once for all workspaces; what failed is tried again. */
export async function loaded(module: () => Promise<WebAssembly.Module>): Promise<typeof Workspace> {
  loading ??= load(module).catch((cause: unknown) => {
    loading = undefined;
    throw new HedgerowError(
      `what keeps workspaces cannot be loaded (${cause}). Serve all files of the package, and try again.`,
      'not_loaded',
      {},
      { cause },
    );
  });
  await loading;
  return Workspace;
}

async function load(module: () => Promise<WebAssembly.Module>): Promise<void> {
  await init({ module_or_path: await module() });
}
