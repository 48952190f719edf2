/** What is loaded with its first use. */
import { HedgerowError } from './error.js';

/** Loads what `what` names once for all who call it, whatever they call it with; what failed is tried again. */
export function once<A extends unknown[], T>(
  what: string,
  load: (...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  let loading: Promise<T> | undefined;
  return (...args) => {
    loading ??= load(...args).catch((cause: unknown) => {
      loading = undefined;
      throw notLoaded(what, cause);
    });
    return loading;
  };
}

export function notLoaded(what: string, cause: unknown): HedgerowError {
  return new HedgerowError(
    `${what} cannot be loaded (${cause}). Serve all files of the package, and try again.`,
    'not_loaded',
    {},
    { cause },
  );
}
