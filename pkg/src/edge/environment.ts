/** The options of a handler, as environments have them. */
import { HedgerowError } from '../error.js';
import type { HandlerOptions } from './options.js';

/**
 * Options by the variables `HEDGEROW_TOKEN`, `HEDGEROW_CORS` (`*`, or origins with commas between),
 * `HEDGEROW_MAX_BYTES`, `HEDGEROW_MAX_ROWS`, `HEDGEROW_EXTRA_FIELDS` and `HEDGEROW_MISSING_FIELDS`. One that
 * is not set, or is empty, is left out; but an empty secret is one that was forgotten, and is refused.
 *
 * @throws {HedgerowError} `bad_option` for a value that the variable cannot have.
 */
export function optionsFrom(environment: Readonly<Record<string, unknown>>): HandlerOptions {
  const stringOf = (name: string) => {
    const value = environment[name];
    return typeof value === 'string' ? value : undefined;
  };
  const textOf = (name: string) => stringOf(name) || undefined;
  const numberOf = (name: string) => {
    const value = textOf(name);
    return value === undefined ? undefined : Number(value);
  };
  return {
    token: stringOf('HEDGEROW_TOKEN'),
    cors: corsOf(textOf('HEDGEROW_CORS')),
    maxBytes: numberOf('HEDGEROW_MAX_BYTES'),
    maxRows: numberOf('HEDGEROW_MAX_ROWS'),
    extraFields: oneOf('HEDGEROW_EXTRA_FIELDS', textOf('HEDGEROW_EXTRA_FIELDS'), ['refuse', 'ignore']),
    missingFields: oneOf('HEDGEROW_MISSING_FIELDS', textOf('HEDGEROW_MISSING_FIELDS'), ['refuse', 'missing']),
  };
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
  throw new HedgerowError(`the variable ${name} must be one of ${known.join(', ')}.`, 'bad_option');
}
