/** Requests that cannot be answered, and how that is said. */
import { HedgerowError } from '../error.js';
import { json } from './reply.js';

/** HTTP statuses of error codes; all others are 400. */
const STATUS: Readonly<Record<string, number>> = {
  unauthorized: 401,
  no_token: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  too_many_rows: 413,
  unsupported_media_type: 415,
  no_experiment: 409,
  internal_error: 500,
  damaged_profile: 500,
  model_damaged: 500,
  model_missing: 500,
  profile_of_another_model: 500,
  variant_unavailable: 502,
  store_unavailable: 503,
};

/** Characters of a value that an error repeats. */
const SHOWN = 80;

/** What an answer says of a request that was refused. */
export interface ErrorBody {
  /** What is wrong, and what to do. */
  error: string;
  /** Stable, for programs: `not_json`, `missing_column`, `bad_value`, … */
  code: string;
  /** The feature it is about. */
  field?: string | undefined;
  /** The row it is about, from 1. */
  row?: number | undefined;
  /** The beginning of the value it is about. */
  value?: string | undefined;
}

/**
 * Anything thrown as an error of the protocol. What is no `HedgerowError` is the server's own fault; that of
 * `recording.mjs` is of a class of its own.
 */
export function toRefusal(error: unknown): HedgerowError {
  if ((error as HedgerowError)?.name === 'HedgerowError') return error as HedgerowError;
  const message = 'the server failed unexpectedly. Report it, with the request if you can.';
  return new HedgerowError(message, 'internal_error', {}, { cause: error });
}

/** The answer to a request that was refused. */
export function refused({ message, code, details: { column, row, value } }: HedgerowError): Response {
  const body: ErrorBody = { error: message, code, field: column, row, value };
  return json(body, STATUS[code] ?? 400);
}

/** A value as an error repeats it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value).slice(0, SHOWN);
}

/** A name as an error repeats it; strangers send long ones, too. */
export function quoted(name: string): string {
  return JSON.stringify(shown(name));
}
