/** What a handler can be told. */
import { HedgerowError } from '../error.js';
import type { Recording } from './recorded.js';

/** How a handler answers. */
export interface HandlerOptions {
  /**
   * Bytes of a request's body at most. Default 262,144 (256 KiB): with it and `maxRows`, a request of the
   * reference models (boosting of 100 trees with 20 features, a forest of 100 deep trees with 26 classes)
   * takes less than 10 ms of processor time, the least that a platform allows. Raise both where there is more.
   */
  maxBytes?: number | undefined;
  /** Rows of a request at most. Default 400, for the same reason: a large forest takes 10 µs a row. */
  maxRows?: number | undefined;
  /**
   * From where pages may call: `false` (the default) from the worker's own origin only, `'*'` from
   * everywhere, or a list of origins (`['https://example.com']`).
   */
  cors?: false | '*' | readonly string[] | undefined;
  /**
   * A secret that all but `/health`, `/ping` and `/v2/health/…` then ask for, as
   * `Authorization: Bearer …`. Left out: everybody may ask.
   */
  token?: string | undefined;
  /**
   * What to do with a field that the model does not read: `'refuse'` (the default), so that a
   * misspelled name does not go unnoticed, or `'ignore'`. The target is always ignored.
   */
  extraFields?: 'refuse' | 'ignore' | undefined;
  /**
   * What to do with a field that a request leaves out: `'refuse'` (the default), or take it for a
   * `'missing'` value, as `model.predict` of the package does.
   */
  missingFields?: 'refuse' | 'missing' | undefined;
  /** Counts what is answered: of `hedgerow/edge/recording`. Left out: nothing is recorded. */
  recording?: Recording | undefined;
  /**
   * A clock in milliseconds, for the metrics. Default `performance.now`. Where it stands still while
   * a worker calculates (Cloudflare), durations only have the time that bodies took to arrive.
   */
  now?: (() => number) | undefined;
}

/** The options with what they are where left out. */
export type Settings = Readonly<{
  [Option in Exclude<keyof HandlerOptions, 'token' | 'recording'>]-?: NonNullable<HandlerOptions[Option]>;
}> & { readonly token: string | undefined; readonly recording: Recording | undefined };

/**
 * What is `undefined` is left out: options often come from an environment.
 *
 * @throws {HedgerowError} `bad_option`.
 */
export function settingsOf({
  maxBytes = 2 ** 18,
  maxRows = 400,
  cors = false,
  token,
  extraFields = 'refuse',
  missingFields = 'refuse',
  recording,
  now = typeof performance === 'undefined' ? Date.now : () => performance.now(),
}: HandlerOptions): Settings {
  if (!(maxBytes >= 1)) throw badOption('maxBytes', 'a number from 1 on');
  if (!(maxRows >= 1)) throw badOption('maxRows', 'a number from 1 on');
  // An empty secret is one that was forgotten.
  if (token === '') throw badOption('token', 'a secret, or left out');
  return { maxBytes, maxRows, cors, token, extraFields, missingFields, recording, now };
}

/** What is wrong with an option, or with a variable that is one. */
export function badOption(name: string, expected: string, kind = 'option'): HedgerowError {
  return new HedgerowError(`the ${kind} ${name} must be ${expected}.`, 'bad_option');
}
