/** What a router can be told. */
import { HedgerowError } from '../../error.js';
import type { Handler } from '../handler.js';
import {
  badOption,
  type HandlerOptions,
  type Settings as HandlerSettings,
  settingsOf as handlerSettingsOf,
} from '../options.js';

/** A service that is bound to a worker of Cloudflare. */
export interface Service {
  fetch(request: Request): Promise<Response>;
}

/** A version of a model, to which requests are routed. */
export interface Variant {
  /** A letter or digit, and then also `-`, `_` and `.`; 64 at most. `all` is none. */
  name: string;
  /** How many units it gets, beside the others; only their ratios matter. Default 1. */
  weight?: number | undefined;
  /** Whether it answers where others do not. One variant has it. */
  control?: boolean | undefined;
  /** A handler in this worker, a service that is bound to it, or the address of one. */
  to: Handler | Service | string;
}

/**
 * What is compared. `right`: the share of a unit's rows that were predicted right, or its mean absolute error where
 * numbers are predicted, over the units whose labels came. `any`: whether any outcome of a unit was true. `sum`: the
 * sum of a unit's outcomes, such as what it spent.
 */
export type Outcome = 'right' | 'any' | 'sum';

/** How a router routes. */
export interface RouterOptions extends Pick<HandlerOptions, 'token' | 'cors' | 'maxBytes' | 'now'> {
  /** 2 to 20. */
  variants: readonly Variant[];
  /** The experiment's name, with which units are hashed: with another one they are assigned anew. */
  experiment: string;
  /**
   * `split` (the default): each unit is answered by its variant. `shadow`: the control answers all, and every other
   * variant whose weight is not 0 gets a copy of each request, whose answer is compared and thrown away.
   */
  mode?: 'split' | 'shadow' | undefined;
  /** The header that names the unit of a request. Default `x-hedgerow-unit`. */
  key?: string | undefined;
  /** A cookie that names the unit where the header does not, and is set where it is missing. Default `hedgerow-unit`. */
  cookie?: string | false | undefined;
  /** Milliseconds until a variant other than the control has answered. Default 2,000. */
  timeout?: number | undefined;
  /** Copies for shadows at a time, at most. Default 4. */
  copies?: number | undefined;
  /** What is compared. Default `right`. */
  outcome?: Outcome | undefined;
  /** Variants that are to answer nothing, or `all` but the control. */
  kill?: readonly string[] | undefined;
  /** A variant is killed where a larger share of its last requests fails, 0 to 1. Left out: none is. */
  killErrors?: number | undefined;
  /** Requests of a variant before it is judged by that. Default 100. */
  killRequests?: number | undefined;
  /** Milliseconds after a request in which the store is told of it. Default 10,000. */
  flushAfter?: number | undefined;
}

/** The options with what they are where left out. */
export type Settings = Readonly<{
  http: HandlerSettings;
  variants: readonly Required<Variant>[];
  /** By its index. */
  control: number;
  experiment: string;
  mode: 'split' | 'shadow';
  key: string;
  cookie: string | false;
  timeout: number;
  copies: number;
  outcome: Outcome;
  kill: readonly string[];
  killErrors: number | undefined;
  killRequests: number;
  flushAfter: number;
}>;

/** More than anyone compares. */
const MOST_VARIANTS = 20;

/** @throws {HedgerowError} `bad_option`. */
export function settingsOf(options: RouterOptions): Settings {
  const { token, cors, maxBytes, now, experiment, mode = 'split', outcome = 'right' } = options;
  const { key = 'x-hedgerow-unit', cookie = 'hedgerow-unit', killErrors } = options;
  const { timeout = 2_000, copies = 4, killRequests = 100, flushAfter = 10_000 } = options;
  const variants = options.variants.map(({ weight = 1, control = false, ...rest }) => ({
    weight,
    control,
    ...rest,
  }));
  checkVariants(variants);
  if (experiment === '') throw badOption('experiment', 'a name');
  if (mode !== 'split' && mode !== 'shadow') throw badOption('mode', 'split or shadow');
  if (!['right', 'any', 'sum'].includes(outcome)) throw badOption('outcome', 'right, any or sum');
  if (!isToken(key)) throw badOption('key', 'the name of a header');
  if (cookie !== false && !isToken(cookie)) throw badOption('cookie', 'the name of a cookie, or false');
  if (!(timeout > 0)) throw badOption('timeout', 'a number above 0');
  if (!(copies >= 1)) throw badOption('copies', 'a number from 1 on');
  if (killErrors !== undefined && !(killErrors >= 0 && killErrors <= 1))
    throw badOption('killErrors', 'a share from 0 to 1');
  if (!(killRequests >= 1)) throw badOption('killRequests', 'a number from 1 on');
  if (!(flushAfter >= 0)) throw badOption('flushAfter', 'a number from 0 on');
  const control = variants.findIndex((variant) => variant.control);
  const kill = namesOf(options.kill ?? [], variants);
  const http = handlerSettingsOf({ token, cors, maxBytes, now });
  return {
    http,
    variants,
    control,
    experiment,
    mode,
    key,
    cookie,
    timeout,
    copies,
    outcome,
    kill,
    killErrors,
    killRequests,
    flushAfter,
  };
}

function checkVariants(variants: readonly Required<Variant>[]): void {
  const names = new Set(variants.map(({ name }) => name));
  if (variants.length < 2 || variants.length > MOST_VARIANTS)
    throw badOption('variants', `2 to ${MOST_VARIANTS} of them`);
  if (names.size < variants.length) throw badOption('variants', 'of different names');
  for (const { name, weight, to } of variants) {
    if (!/^[a-zA-Z0-9][\w.-]{0,63}$/.test(name) || name === 'all')
      throw badOption('variants', 'named by letters and digits, and then also -, _ and .');
    if (!(weight >= 0 && weight <= 1e9)) throw badOption('variants', 'weighted by numbers from 0 on');
    if (typeof to === 'string' && !/^https?:\/\//.test(to))
      throw badOption('variants', 'at addresses with http or https');
  }
  if (!variants.some(({ weight }) => weight > 0))
    throw badOption('variants', 'weighted above 0, one of them at least');
  if (variants.filter(({ control }) => control).length !== 1)
    throw badOption('variants', 'with one control among them');
}

/**
 * The variants that are meant: `all` is all but the control.
 *
 * @throws {HedgerowError} `unknown_variant`.
 */
export function namesOf(given: readonly string[], variants: readonly Required<Variant>[]): string[] {
  const known = variants.filter(({ control }) => !control).map(({ name }) => name);
  const unknown = given.find((name) => name !== 'all' && !known.includes(name));
  if (unknown === undefined) return given.includes('all') ? known : [...given];
  const message = `no variant that could be killed is called ${JSON.stringify(unknown.slice(0, 80))}. There are all, ${known.join(', ')}.`;
  throw new HedgerowError(message, 'unknown_variant');
}

function isToken(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name);
}
