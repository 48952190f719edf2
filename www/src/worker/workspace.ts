/** The workspace that runs are kept in, opened with the first call that needs it. Nothing else in the page
 * imports what keeps it. */
import type { Workspace } from 'hedgerow/track';

interface Opened {
  workspace: Workspace;
  /** The browser has no private files for this page, so all is gone with it. */
  memory: boolean;
}

let opening: Promise<Opened> | undefined;

export function opened(): Promise<Opened> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

export async function theWorkspace(): Promise<Workspace> {
  return (await opened()).workspace;
}

async function open(): Promise<Opened> {
  const { openWorkspace } = await import('hedgerow/track');
  try {
    // A worker cannot ask for it to be kept; the page does when it is told to.
    return { workspace: await openWorkspace({ persist: false }), memory: false };
  } catch (error) {
    if ((error as { code?: string }).code !== 'no_private_files') throw error;
    return { workspace: await openWorkspace({ memory: true }), memory: true };
  }
}
