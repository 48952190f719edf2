/** The options of a router, as environments have them. */
import { HedgerowError } from '../../error.js';
import { type Environment, optionsFrom, textOf } from '../environment.js';
import { numberOf } from '../recording/options.js';
import type { Outcome, RouterOptions, Variant } from './options.js';
import type { StoreOptions } from './store.js';

/**
 * Options by the variables `HEDGEROW_TOKEN`, `HEDGEROW_CORS`, `HEDGEROW_MAX_BYTES`, `HEDGEROW_EXPERIMENT`,
 * `HEDGEROW_MODE`, `HEDGEROW_WEIGHTS` (`champion=0.8,challenger=0.2`), `HEDGEROW_UNIT_HEADER`, `HEDGEROW_UNIT_COOKIE`
 * (`off`, or its name), `HEDGEROW_TIMEOUT_SECONDS`, `HEDGEROW_COPIES`, `HEDGEROW_OUTCOME`, `HEDGEROW_KILL` (names with
 * commas between, or `all`), `HEDGEROW_KILL_ERRORS`, `HEDGEROW_KILL_REQUESTS` and `HEDGEROW_FLUSH_SECONDS`.
 *
 * @param variants With the weights that are used where none are set.
 * @throws {HedgerowError} `bad_option`, `unknown_variant`.
 */
export function routerOptionsFrom(
  environment: Environment,
  variants: readonly Variant[],
  experiment: string,
): RouterOptions {
  const text = (name: string) => textOf(environment, name);
  const number = (name: string) => numberOf(environment, name);
  const milliseconds = (name: string) => {
    const seconds = number(name);
    return seconds === undefined ? undefined : seconds * 1_000;
  };
  const { token, cors, maxBytes } = optionsFrom(environment);
  const cookie = text('HEDGEROW_UNIT_COOKIE');
  return {
    ...{ token, cors, maxBytes },
    variants: weighted(variants, text('HEDGEROW_WEIGHTS')),
    experiment: text('HEDGEROW_EXPERIMENT') ?? experiment,
    // What is neither is refused where all options are.
    mode: text('HEDGEROW_MODE') as RouterOptions['mode'],
    key: text('HEDGEROW_UNIT_HEADER'),
    cookie: cookie === 'off' ? false : cookie,
    timeout: milliseconds('HEDGEROW_TIMEOUT_SECONDS'),
    copies: number('HEDGEROW_COPIES'),
    outcome: text('HEDGEROW_OUTCOME') as Outcome | undefined,
    kill: text('HEDGEROW_KILL')
      ?.split(',')
      .map((name) => name.trim()),
    killErrors: number('HEDGEROW_KILL_ERRORS'),
    killRequests: number('HEDGEROW_KILL_REQUESTS'),
    flushAfter: milliseconds('HEDGEROW_FLUSH_SECONDS'),
  };
}

/** Options of a store by `HEDGEROW_OUTCOME` and `HEDGEROW_FEEDBACK`. */
export function routerStoreOptionsFrom(environment: Environment): StoreOptions {
  return {
    outcome: textOf(environment, 'HEDGEROW_OUTCOME') as Outcome | undefined,
    waiting: numberOf(environment, 'HEDGEROW_FEEDBACK'),
  };
}

function weighted(variants: readonly Variant[], text: string | undefined): readonly Variant[] {
  if (text === undefined) return variants;
  const weights = new Map(text.split(',').map((pair) => weightOf(pair.trim())));
  const unknown = [...weights.keys()].find((name) => !variants.some((variant) => variant.name === name));
  if (unknown !== undefined) {
    const known = variants.map(({ name }) => name).join(', ');
    throw new HedgerowError(
      `the variable HEDGEROW_WEIGHTS names the variant ${unknown}. There are ${known}.`,
      'unknown_variant',
    );
  }
  return variants.map((variant) => ({ ...variant, weight: weights.get(variant.name) ?? variant.weight }));
}

function weightOf(pair: string): [name: string, weight: number] {
  const [, name, weight] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(pair) ?? [];
  if (name !== undefined) return [name, Number(weight)];
  throw new HedgerowError(
    'the variable HEDGEROW_WEIGHTS must be as champion=0.8,challenger=0.2.',
    'bad_option',
  );
}
