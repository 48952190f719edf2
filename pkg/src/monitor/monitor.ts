/** New rows beside those that a model was trained on. */
import { calling } from '../error.js';
import { type Model, rawModel } from '../model.js';
import { pauses } from '../pause.js';
import { bytesOf, rawTable, type Table } from '../table.js';
import { baselineOf } from './baseline.js';
import {
  type Alarm,
  checkBaseline,
  type DriftOptions,
  type DriftReport,
  defaultRules,
  isProfile,
  merge,
  type Rule,
  report,
  type Segment,
} from './hedgerow_monitor.js';
import { loaded, type WatchOptions, watch } from './module.js';
import {
  type FetchOptions,
  fetchHours,
  fetchProfile,
  type ProfileOptions,
  type ServedHour,
} from './service.js';
import type { Profiled } from './watcher.js';

/** What new rows are compared with. */
export interface MonitorOptions extends WatchOptions {
  /** The rows that the model was trained on, for a model that has no profile of them. */
  reference?: Table;
}

/** How profiles are compared. */
export interface ReportOptions {
  /** Thresholds, and a test for all columns. Default: those of Evidently. */
  drift?: Partial<DriftOptions>;
  /** When there is an alarm. Default: `Monitor.defaultRules()`. */
  rules?: Rule[];
  /**
   * Profiles are of times one after the other: the report is of the last, and rules may ask for several of them, or
   * for what changed. Default `false`: they are added up.
   */
  windows?: boolean;
}

/** Every column then and now, what is odd, and which rules are broken. */
export interface MonitorReport extends DriftReport {
  alarms: Alarm[];
}

/**
 * Watches a model: counts new rows into profiles, some kilobytes without rows that add up, and compares them
 * with the rows that the model was trained on. It holds nothing but bytes.
 */
export class Monitor {
  /** The profile of the rows trained on. */
  readonly #baseline: Uint8Array;
  readonly #model: Model;

  private constructor(model: Model, baseline: Uint8Array) {
    this.#model = model;
    this.#baseline = baseline;
  }

  /**
   * Watches a model by the profile in its file, or by rows like those that it was trained on. What monitors is
   * loaded with the first one.
   *
   * @throws {HedgerowError} `no_training_profile`, `damaged_training_profile`, `no_rows`, `not_loaded`; and what
   * is wrong with rows that are not the model's, such as `missing_column`.
   */
  static async of(model: Model, { reference, ...options }: MonitorOptions = {}): Promise<Monitor> {
    await loaded();
    if (reference) return new Monitor(model, await baselineOf(model, [rawTable(reference)], options));
    const { trainingProfile } = rawModel(model);
    calling(() => checkBaseline(trainingProfile));
    return new Monitor(model, trainingProfile ?? new Uint8Array());
  }

  /** Whether bytes begin as a profile does, of any model and version. */
  static async isProfile(bytes: Uint8Array): Promise<boolean> {
    await loaded();
    return calling(() => isProfile(bytes));
  }

  /** The rules where none are given: drift of the data or of predictions, values that are missing or new. */
  static async defaultRules(): Promise<Rule[]> {
    await loaded();
    return calling(defaultRules);
  }

  /**
   * Counts the rows of a table, whatever is wrong with them: what cannot be read counts as missing, and is told.
   *
   * @throws {HedgerowError} `no_rows`.
   */
  async profile(table: Table, options: WatchOptions = {}): Promise<Profiled> {
    const parcel = calling(() => rawModel(this.#model).toParcel());
    const bytes = await bytesOf(rawTable(table), pauses(options.signal));
    return watch('profile', [parcel, this.#baseline, bytes], [parcel, bytes], options);
  }

  /**
   * Where the model is wrong most: the worst parts of a table's rows, by one or two features, whose errors are
   * larger than those of all other rows beyond chance; worst first, at most five. Of more than 50,000 rows an even
   * sample is looked at.
   *
   * @throws {HedgerowError} `missing_column` without the target; what is wrong with the rows, such as `wrong_kind`.
   */
  async segments(table: Table, options: WatchOptions = {}): Promise<Segment[]> {
    const parcel = calling(() => rawModel(this.#model).toParcel());
    const bytes = await bytesOf(rawTable(table), pauses(options.signal));
    return watch('segments', [parcel, bytes], [parcel, bytes], options);
  }

  /**
   * What a service that the model was exported to has counted, by its address.
   *
   * @throws {HedgerowError} `bad_address`, `service_unreachable`, `service_blocked`, `service_unauthorized`,
   * `service_failed`, `no_profile`, `not_a_profile`, `no_training_profile`, `profile_of_another_model`,
   * `damaged_profile`.
   */
  async fetch(url: string, options: ProfileOptions = {}): Promise<Uint8Array> {
    const profile = await fetchProfile(url, options);
    this.merge([profile]);
    return profile;
  }

  /**
   * The hours that a service has counted, with their rows, the earliest first: for `from` and `to` of `fetch`.
   *
   * @throws {HedgerowError} Those of `fetch`.
   */
  async hours(url: string, options: FetchOptions = {}): Promise<ServedHour[]> {
    return fetchHours(url, options);
  }

  /**
   * The sum of profiles, in whatever order.
   *
   * @throws {HedgerowError} `profile_of_another_model`, `damaged_profile`.
   */
  merge(profiles: readonly Uint8Array[]): Uint8Array {
    return calling(() => merge(this.#baseline, [...profiles]));
  }

  /**
   * Compares a profile, or the sum of several, with that of training, and holds what comes of it to rules.
   *
   * @throws {HedgerowError} `no_rows`, `bad_rules`, `bad_option`, `profile_of_another_model`, `damaged_profile`.
   */
  report(
    profiles: Uint8Array | readonly Uint8Array[],
    { drift = {}, rules, windows = false }: ReportOptions = {},
  ): MonitorReport {
    const all = profiles instanceof Uint8Array ? [profiles] : [...profiles];
    return calling(() =>
      report(this.#baseline, all, drift as DriftOptions, rules && JSON.stringify(rules), windows),
    );
  }
}
