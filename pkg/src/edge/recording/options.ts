/** What recording is told by an environment. */
import { HedgerowError } from '../../error.js';
import { type Environment, numberOf, textOf } from '../environment.js';
import type { RecordingOptions } from './recording.js';
import type { StoreOptions } from './store.js';

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
    rules: rulesOf(environment),
    webhook: webhookOf(textOf(environment, 'HEDGEROW_WEBHOOK')),
    hours: hoursOf(numberOf(environment, 'HEDGEROW_DRIFT_HOURS')),
    waiting: numberOf(environment, 'HEDGEROW_FEEDBACK'),
  };
}

/** Milliseconds that Cloudflare lets a worker go on after an answer, with some to spare. */
const PATIENCE = 25_000;

/** @throws {HedgerowError} `bad_option` for a time after which Cloudflare has stopped who would tell. */
export function checkFlush(flushAfter = 0): void {
  if (flushAfter <= PATIENCE) return;
  const message = `the variable HEDGEROW_FLUSH_SECONDS must be at most ${PATIENCE / 1_000} on Cloudflare, which stops workers then.`;
  throw new HedgerowError(message, 'bad_option');
}

function webhookOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\//.test(text)) return text;
  throw new HedgerowError(
    'the variable HEDGEROW_WEBHOOK must be an address with http or https.',
    'bad_option',
  );
}

/** A text, or a list as configuration in JSON has it. */
function rulesOf(environment: Environment): string | undefined {
  const { HEDGEROW_RULES: rules } = environment;
  return Array.isArray(rules) ? JSON.stringify(rules) : textOf(environment, 'HEDGEROW_RULES');
}

/** Counts are kept by the hour. */
function hoursOf(hours: number | undefined): number | undefined {
  if (hours === undefined || hours >= 1) return hours;
  throw new HedgerowError('the variable HEDGEROW_DRIFT_HOURS must be a number from 1 on.', 'bad_option');
}
