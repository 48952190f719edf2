/** The options of a handler, as environments have them. */
import { HedgerowError } from '../error.js';
import type { HandlerOptions } from './options.js';

/** An environment: what a process has as variables, or a worker as its configuration. */
export type Environment = Readonly<Record<string, unknown>>;

/**
 * Options by the variables `HEDGEROW_TOKEN`, `HEDGEROW_CORS` (`*`, or origins with commas between),
 * `HEDGEROW_MAX_BYTES`, `HEDGEROW_MAX_ROWS`, `HEDGEROW_EXTRA_FIELDS` and `HEDGEROW_MISSING_FIELDS`. One that
 * is not set, or is empty, is left out; but an empty secret is one that was forgotten, and is refused.
 *
 * @throws {HedgerowError} `bad_option` for a value that the variable cannot have.
 */
export function optionsFrom(environment: Environment): HandlerOptions {
  const text = (name: string) => textOf(environment, name);
  const number = (name: string) => numberOf(environment, name);
  const token = environment.HEDGEROW_TOKEN;
  return {
    token: token === '' ? token : text('HEDGEROW_TOKEN'),
    cors: corsOf(text('HEDGEROW_CORS')),
    maxBytes: number('HEDGEROW_MAX_BYTES'),
    maxRows: number('HEDGEROW_MAX_ROWS'),
    extraFields: oneOf('HEDGEROW_EXTRA_FIELDS', text('HEDGEROW_EXTRA_FIELDS'), ['refuse', 'ignore']),
    missingFields: oneOf('HEDGEROW_MISSING_FIELDS', text('HEDGEROW_MISSING_FIELDS'), ['refuse', 'missing']),
  };
}

/**
 * A variable that is set and not empty. Configuration in JSON has numbers and booleans, too.
 *
 * @throws {HedgerowError} `bad_option` for what is no text then.
 */
export function textOf(environment: Environment, name: string): string | undefined {
  const value = environment[name] ?? '';
  if (typeof value === 'object') throw bad(name, 'a text');
  return value === '' ? undefined : String(value);
}

/** @throws {HedgerowError} `bad_option` for what is no number from 0 on. */
export function numberOf(environment: Environment, name: string): number | undefined {
  const text = textOf(environment, name);
  const value = Number(text);
  if (text === undefined || value >= 0) return text === undefined ? undefined : value;
  throw bad(name, 'a number from 0 on');
}

function corsOf(value: string | undefined): HandlerOptions['cors'] {
  return value === undefined || value === '*' ? value : value.split(',').map((origin) => origin.trim());
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  const found = known.find((choice) => choice === value);
  if (value === undefined || found) return found;
  throw bad(name, `one of ${known.join(', ')}`);
}

function bad(name: string, expected: string): HedgerowError {
  return new HedgerowError(`the variable ${name} must be ${expected}.`, 'bad_option');
}
