/** A/B tests: which variant is better, and how long it takes to tell. */
import { calling } from '../error.js';
import { pauses } from '../pause.js';
import { bytesOf, rawTable, type Table } from '../table.js';
import type {
  CompareOptions,
  Experiment,
  ExperimentPlan,
  ExperimentReport,
  PlanOptions,
} from './hedgerow_monitor.js';
import * as raw from './hedgerow_monitor.js';
import { loaded, type WatchOptions, watch } from './module.js';
import { type FetchOptions, fetchCounts } from './service.js';
import type { Counted } from './watcher.js';

/** Which columns of a table say what of a unit. */
export interface VariantColumns {
  /** The variant's name. */
  variant: string;
  /** Yes and no (booleans, or 0 and 1), or a number. */
  outcome: string;
  /** For outcomes in other words: the one that is a success. */
  success?: string | undefined;
  /** A number that was known before: what it explains is taken away (CUPED). */
  covariate?: string | undefined;
}

/**
 * Counts a table that has a row for each unit.
 *
 * @throws {HedgerowError} `unknown_column`; `bad_experiment` for columns that cannot be what they are said to be.
 */
export async function countVariants(
  table: Table,
  columns: VariantColumns,
  options: WatchOptions = {},
): Promise<Counted> {
  const bytes = await bytesOf(rawTable(table), pauses(options.signal));
  return watch('variants', [bytes, columns], [bytes], options);
}

/**
 * What a router has counted: the answer to its `GET /experiment`.
 *
 * @throws {HedgerowError} `bad_address`, `service_unreachable`, `service_blocked`, `service_unauthorized`,
 * `service_failed`, `no_experiment`, `not_an_experiment`, `bad_experiment`.
 */
export async function fetchExperiment(url: string, options: FetchOptions = {}): Promise<Experiment> {
  return mergeCounts([(await fetchCounts(url, options)) as Experiment]);
}

/**
 * Adds up what several workers, hours or regions have counted.
 *
 * @throws {HedgerowError} `bad_experiment` where they do not add up.
 */
export async function mergeCounts(counts: readonly Experiment[]): Promise<Experiment> {
  await loaded();
  return calling(() => raw.mergeCounts(texts(counts)));
}

/**
 * Says which variants are better than the control, and how sure that is: a verdict that holds however often one
 * looks, the test and interval for one who looks once, the check of the sample ratio, and what to believe. Of
 * several counts the sum is looked at.
 *
 * @throws {HedgerowError} `bad_experiment` for counts that cannot be, or fewer than two variants; `bad_option`.
 */
export async function compareVariants(
  counts: Experiment | readonly Experiment[],
  options: Partial<CompareOptions> = {},
): Promise<ExperimentReport> {
  await loaded();
  const all = 'variants' in counts ? [counts] : counts;
  return calling(() => raw.compareVariants(texts(all), options));
}

/**
 * Says how many units and days it takes to find an effect; with `n` in place of `effect`, which effect so many units
 * find. Outcomes are yes or no with `baseline`, numbers with `std`.
 *
 * @throws {HedgerowError} `bad_option`.
 */
export async function planExperiment(options: Partial<PlanOptions>): Promise<ExperimentPlan> {
  await loaded();
  return calling(() => raw.planExperiment(options));
}

function texts(counts: readonly Experiment[]): string[] {
  return counts.map((part) => JSON.stringify(part) ?? 'null');
}
