/** Models as versions of the registry. */
import type { NewVersion, Version, Workspace } from 'hedgerow/track';
import { recorded } from './recording.ts';
import { theWorkspace } from './workspace.ts';

/** What is wrong with a run that a model outlived, or that never got it. */
const GONE = ['no_run', 'no_artifact'];

/** Registers the model of a run. Without one, or where it is gone, the file that is given. */
export async function register(
  version: Omit<NewVersion, 'run'>,
  run: string | null,
  file: (() => Uint8Array) | null,
): Promise<Version> {
  await recorded();
  const workspace = await theWorkspace();
  if (run !== null) {
    try {
      return await workspace.register({ ...version, run });
    } catch (error) {
      if (!file || !GONE.includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
  return workspace.register(version, file?.());
}

/** The file's hash of the version that an alias is; null where it is none. */
export async function hashAt(workspace: Workspace, name: string, alias: string): Promise<string | null> {
  try {
    return (await workspace.version(`${name}@${alias}`)).sha256;
  } catch (error) {
    if ((error as { code?: string }).code === 'no_alias') return null;
    throw error;
  }
}
