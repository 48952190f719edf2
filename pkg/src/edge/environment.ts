/** The options of a handler, as environments have them. */
import { badOption, type HandlerOptions } from './options.js';

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
  // What is no number is refused where all options are.
  const number = (name: string) => {
    const value = text(name);
    return value ? Number(value) : undefined;
  };
  return {
    token: environment.HEDGEROW_TOKEN === '' ? '' : text('HEDGEROW_TOKEN'),
    cors: corsOf(text('HEDGEROW_CORS')),
    maxBytes: number('HEDGEROW_MAX_BYTES'),
    maxRows: number('HEDGEROW_MAX_ROWS'),
    extraFields: oneOf(environment, 'HEDGEROW_EXTRA_FIELDS', ['refuse', 'ignore']),
    missingFields: oneOf(environment, 'HEDGEROW_MISSING_FIELDS', ['refuse', 'missing']),
  };
}

/** A variable that is set and not empty. Configuration in JSON has numbers, booleans and lists, too. */
export function textOf(environment: Environment, name: string): string | undefined {
  return String(environment[name] ?? '') || undefined;
}

function corsOf(value?: string): HandlerOptions['cors'] {
  return value === undefined || value === '*' ? value : value.split(',').map((origin) => origin.trim());
}

function oneOf<T extends string>(environment: Environment, name: string, known: readonly T[]): T | undefined {
  const value = textOf(environment, name);
  const found = known.find((choice) => choice === value);
  if (!value || found) return found;
  throw badOption(name, `one of ${known.join(', ')}`, 'variable');
}
