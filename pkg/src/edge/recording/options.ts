/** What recording is told by an environment. */
import { HedgerowError } from '../../error.js';
import type { RecordingOptions } from './recording.js';
import type { StoreOptions } from './store.js';

/** An environment. */
export type Environment = Readonly<Record<string, unknown>>;

/** Whether `HEDGEROW_RECORDING` is other than `off`. */
export function isOn(environment: Environment): boolean {
  const value = textOf(environment, 'HEDGEROW_RECORDING') ?? 'on';
  if (value === 'on' || value === 'off') return value === 'on';
  throw new HedgerowError('the variable HEDGEROW_RECORDING must be on or off.', 'bad_option');
}

/** Options by the variables `HEDGEROW_SAMPLING`, `HEDGEROW_FEEDBACK` and `HEDGEROW_FLUSH_SECONDS`. */
export function recordingOptionsFrom(environment: Environment): RecordingOptions {
  const seconds = numberOf(environment, 'HEDGEROW_FLUSH_SECONDS');
  return {
    sampling: numberOf(environment, 'HEDGEROW_SAMPLING'),
    feedback: (numberOf(environment, 'HEDGEROW_FEEDBACK') ?? 1) > 0,
    flushAfter: seconds === undefined ? undefined : seconds * 1_000,
  };
}

/** Options by the variables `HEDGEROW_RULES`, `HEDGEROW_WEBHOOK`, `HEDGEROW_DRIFT_HOURS` and `HEDGEROW_FEEDBACK`. */
export function storeOptionsFrom(environment: Environment): StoreOptions {
  return {
    rules: textOf(environment, 'HEDGEROW_RULES'),
    webhook: webhookOf(textOf(environment, 'HEDGEROW_WEBHOOK')),
    hours: numberOf(environment, 'HEDGEROW_DRIFT_HOURS'),
    waiting: numberOf(environment, 'HEDGEROW_FEEDBACK'),
  };
}

export function textOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {HedgerowError} `bad_option` for what is no number from 0 on. */
export function numberOf(environment: Environment, name: string): number | undefined {
  const text = textOf(environment, name);
  const value = Number(text);
  if (text === undefined || value >= 0) return text === undefined ? undefined : value;
  throw new HedgerowError(`the variable ${name} must be a number from 0 on.`, 'bad_option');
}

function webhookOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\//.test(text)) return text;
  throw new HedgerowError(
    'the variable HEDGEROW_WEBHOOK must be an address with http or https.',
    'bad_option',
  );
}
