/** Calls that hand the workspace on to an MLflow server, or take runs from there. */
import type { Pulled, Pushed, TransferProgress } from 'hedgerow/track';
import type { Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { recorded } from './recording.ts';
import { theWorkspace } from './workspace.ts';

let underWay = 0;

/** Whether the workspace has to stay open as it is. */
export function isTransferring(): boolean {
  return underWay > 0;
}

async function transferring<T>(work: () => Promise<T>): Promise<T> {
  underWay += 1;
  try {
    await recorded();
    return await work();
  } finally {
    underWay -= 1;
  }
}

function options(token: string, { signal, progress }: Context) {
  const onProgress = ({ done, total, at, wait }: TransferProgress) =>
    progress({ phase: 'transfer', done, total, transfer: { at, wait: wait ?? null } });
  return { token, signal, onProgress };
}

export function pushWorkspace(
  { url, token, models }: Args<'pushWorkspace'>,
  context: Context,
): Promise<Pushed> {
  return transferring(async () => (await theWorkspace()).push(url, { models, ...options(token, context) }));
}

export function pullExperiment(
  { url, token, experiment }: Args<'pullExperiment'>,
  context: Context,
): Promise<Pulled> {
  return transferring(async () =>
    (await theWorkspace()).pull(url, { experiment, ...options(token, context) }),
  );
}
