/** What recording is told by an environment. */
import { type Environment, textOf } from '../environment.js';
import { badOption } from '../options.js';
import type { RecordingOptions } from './recording.js';
import type { StoreOptions } from './store.js';

/** Whether `HEDGEROW_RECORDING` is other than `off`. */
export function isOn(environment: Environment): boolean {
  const value = textOf(environment, 'HEDGEROW_RECORDING') ?? 'on';
  if (value === 'on' || value === 'off') return value === 'on';
  throw badOption('HEDGEROW_RECORDING', 'on or off', 'variable');
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

/** @throws {HedgerowError} `bad_option` for what is no number from 0 on. */
export function numberOf(environment: Environment, name: string): number | undefined {
  const text = textOf(environment, name);
  const value = Number(text);
  if (text === undefined || value >= 0) return text === undefined ? undefined : value;
  throw badOption(name, 'a number from 0 on', 'variable');
}

/** Milliseconds that Cloudflare lets a worker go on after an answer, with some to spare. */
const PATIENCE = 25_000;

/** @throws {HedgerowError} `bad_option` for a time after which Cloudflare has stopped who would tell. */
export function checkFlush(flushAfter = 0): void {
  if (flushAfter <= PATIENCE) return;
  const most = PATIENCE / 1_000;
  throw badOption(
    'HEDGEROW_FLUSH_SECONDS',
    `at most ${most} on Cloudflare, which stops workers then`,
    'variable',
  );
}

function webhookOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\//.test(text)) return text;
  throw badOption('HEDGEROW_WEBHOOK', 'an address with http or https', 'variable');
}

/** A text, or a list as configuration in JSON has it. */
function rulesOf(environment: Environment): string | undefined {
  const { HEDGEROW_RULES: rules } = environment;
  return Array.isArray(rules) ? JSON.stringify(rules) : textOf(environment, 'HEDGEROW_RULES');
}

/** Counts are kept by the hour. */
function hoursOf(hours: number | undefined): number | undefined {
  if (hours === undefined || hours >= 1) return hours;
  throw badOption('HEDGEROW_DRIFT_HOURS', 'a number from 1 on', 'variable');
}
