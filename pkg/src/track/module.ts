/** The WebAssembly of workspaces, loaded with the first one. */
import { calling } from '../error.js';
import { once } from '../once.js';
import init, { Workspace } from './hedgerow_track.js';
import type { Answer, Asked } from './line.js';

/** What messages call it. */
export const KEEPER = 'what keeps workspaces';

export const loaded = once(KEEPER, async (module: () => Promise<WebAssembly.Module>) => {
  await init({ module_or_path: await module() });
  return Workspace;
});

const nothing = new Uint8Array();

/** Has a workspace do what was asked. */
export function handle(workspace: Workspace, { at, author, request, bytes = nothing }: Asked): Answer {
  return calling(() =>
    'turn' in request
      ? workspace.transfer(at, author, request, bytes)
      : workspace.handle(at, author, request, bytes),
  );
}
