import type { Details } from './wasm/hedgerow.js';

/**
 * What every function of this package throws (or rejects with) when its input cannot be used. The
 * message says what to do; `code` is stable and meant for programs.
 */
export class HedgerowError extends Error {
  override readonly name = 'HedgerowError';
  /** Stable, machine-readable, `snake_case`: `csv_ragged_row`, `target_missing`, `model_damaged`, … */
  readonly code: string;
  /** Where it was found, as far as it is known. */
  readonly details: Details;

  constructor(message: string, code: string, details: Details = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** An error as it crosses from a worker. */
export interface PlainError {
  message: string;
  code: string;
  details: Details;
}

/** Anything thrown by WebAssembly or JavaScript as a `HedgerowError`. */
export function toHedgerowError(error: unknown): HedgerowError {
  if (error instanceof HedgerowError) return error;
  if (error instanceof Error && 'code' in error && 'details' in error) {
    return new HedgerowError(error.message, String(error.code), error.details as Details);
  }
  const reason = error instanceof Error ? error.message : String(error);
  const stopped = error instanceof WebAssembly.RuntimeError;
  const message = stopped
    ? `Hedgerow's WebAssembly stopped (${reason}), most likely for want of memory. Load the page or start the process again, and use less data.`
    : `Hedgerow failed unexpectedly: ${reason}. Please report it.`;
  return new HedgerowError(message, stopped ? 'wasm_stopped' : 'internal_error', {}, { cause: error });
}

/** Runs a call into WebAssembly; what it throws is a `HedgerowError`. */
export function calling<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toHedgerowError(error);
  }
}
