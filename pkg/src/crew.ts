/** Workers for one piece of work: started for it, ended with it, so nothing is left behind. */
import { wasmModule } from './instance.js';
import type { EngineName } from './protocol.js';
import { type Kit, Remote } from './remote.js';

/** Opens workers as the work needs them. */
export interface Crew<E extends EngineName = 'training'> {
  open(): Promise<Remote<E>>;
}

/** As `withCrew`, with one worker that has started; or `here` where none can start. */
export function withOne<T>(
  signal: AbortSignal | undefined,
  work: (crew: Crew) => Promise<T>,
  here: () => Promise<T>,
): Promise<T> {
  return withCrew(signal, async ({ open }) => {
    const remote = await open().catch(() => undefined);
    signal?.throwIfAborted();
    return remote ? work({ open: async () => remote }) : here();
  });
}

/** Does `work` with workers that end when it does, at once when `signal` is aborted. */
export function withCrew<T>(signal: AbortSignal | undefined, work: (crew: Crew) => Promise<T>): Promise<T> {
  return withCrewOf({ engine: 'training', module: wasmModule }, signal, work);
}

/** The same with workers of any kind. */
export async function withCrewOf<E extends EngineName, T>(
  kit: Kit<E>,
  signal: AbortSignal | undefined,
  work: (crew: Crew<E>) => Promise<T>,
): Promise<T> {
  const remotes: Remote<E>[] = [];
  const end = (reason: unknown) => {
    for (const remote of remotes) remote.end(reason);
  };
  const open = () => {
    const opened = Remote.open(kit, (remote) => remotes.push(remote));
    // It may be opened early and awaited late, or never, when something else fails first.
    opened.catch(() => {});
    return opened;
  };
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work({ open });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    end(new Error('the work has ended'));
  }
}
