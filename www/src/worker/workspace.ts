/** The workspace that runs are kept in, opened with the first call that needs it. Nothing else in the page
 * imports what keeps it. */
import type { Workspace } from 'hedgerow/track';
import { keep, kept } from './store.ts';

interface Opened {
  workspace: Workspace;
  /** The browser has no private files for this page, so all is gone with it. */
  memory: boolean;
  /** Who the audit log says it was. */
  author: string;
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

/** Opens it anew under another name. What is in memory only keeps the name that it has, since it would be gone. */
export async function reopen(author: string): Promise<void> {
  const { workspace, memory } = await opened();
  if (memory) return;
  // Whoever asks meanwhile waits for the new one.
  const closed = Promise.all([workspace.close(), keep('author', author)]);
  opening = closed.then(open).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  await opening;
}

async function open(): Promise<Opened> {
  const [{ openWorkspace }, author = ''] = await Promise.all([
    import('hedgerow/track'),
    kept<string>('author'),
  ]);
  try {
    // A worker cannot ask for it to be kept; the page does when it is told to.
    return { workspace: await openWorkspace({ author, persist: false }), memory: false, author };
  } catch (error) {
    if ((error as { code?: string }).code !== 'no_private_files') throw error;
    return { workspace: await openWorkspace({ author, memory: true }), memory: true, author };
  }
}
