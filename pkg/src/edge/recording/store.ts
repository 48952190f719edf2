/** Where counts come together: hours of profiles, predictions that wait for their labels, and alarms. */
import { HedgerowError } from '../../error.js';
import type { Description } from '../description.js';
import type { Numbered } from '../telling.js';
import { Alarms } from './alarms.js';
import type { Backing, Changes } from './backing.js';
import { Queue } from './queue.js';
import type { Recorder } from './recorder.js';
import type { Report } from './report.js';
import { Told } from './told.js';
import { type Kept, Waiting } from './waiting.js';
import { keyOf, profileOf, rowsOf, startOf, startsOf, tooOld, windowOf } from './windows.js';

/** What a worker counted since it last told. */
export interface Counted {
  rows: number;
  profile: Uint8Array;
  /** Predictions whose labels may come. */
  kept: Kept;
}

/** That, as it is told. */
export type Delta = Counted & Numbered;

/** An hour, and the rows that were counted in it. */
export interface Window {
  /** Milliseconds since 1970; whole hours UTC, or whole days of what is long ago. */
  start: number;
  rows: number;
}

/** What was true of a row that was predicted before. */
export interface Label {
  /** The request's. */
  id: string;
  /** From 0. */
  row: number;
  label: unknown;
}

/** What became of a label: `counted`, or the code of what is wrong with it. */
export type Fate =
  | 'counted'
  | 'unknown_id'
  | 'unknown_row'
  | 'repeated_label'
  | 'bad_label'
  | 'unknown_class';

/** What is known of the last hours, in all workers. */
export interface Summary {
  /** Without one where there are no rows. */
  report?: Report;
  /** What is wrong with the rules: then the default ones hold. */
  fault?: string;
  waiting: number;
  /** Predictions that were dropped before their labels came. */
  dropped: number;
  labels: Readonly<Record<Fate, number>>;
  webhooks: { sent: number; failed: number };
}

/** Where workers tell what they counted. What it answered is kept, whatever happens to who asked. */
export interface RecordStore {
  /** Adds counts to the hour that it is. The same delta twice counts once. */
  add(delta: Delta): Promise<void>;
  /** The hours that have rows, in order. */
  windows(): Promise<Window[]>;
  /** The sum of the hours that begin from `from` on and before `to`. */
  profile(from?: number, to?: number): Promise<Uint8Array>;
  /** Joins labels with predictions; what became of each. */
  feedback(labels: readonly Label[]): Promise<Fate[]>;
  /** At most every 15 seconds anew. */
  summary(): Promise<Summary>;
}

/** What a store can be told. */
export interface StoreOptions {
  /** Rules, as a JSON list. Default: those of `hedgerow monitor check`. */
  rules?: string | undefined;
  /** Where alarms are sent to. */
  webhook?: string | undefined;
  /** Hours that reports look back. Default 24. */
  hours?: number | undefined;
  /** Requests whose predictions wait for their labels at most. Default 10,000. */
  waiting?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
  /** Milliseconds before a webhook that failed is tried again; twice as long each time. Default 1,000. */
  retryAfter?: number | undefined;
}

const HOUR = 3_600_000;

/** Milliseconds for which a summary is good enough. */
const FRESH = 15_000;

/** Windows in a row that a rule can ask for. */
const WINDOWS = 31;

/** A store of one model's counts. One at a time uses a backing. */
export class Store implements RecordStore {
  readonly #backing: Backing;
  readonly #recorder: Recorder;
  readonly #options: StoreOptions;
  readonly #waiting: Waiting;
  readonly #alarms: Alarms;
  readonly #told: Told;
  readonly #queue = new Queue();
  readonly #now: () => number;
  #looked: { at: number; summary: Promise<Summary> } | undefined;
  /** What was last said on the console. */
  #fault: string | undefined;

  constructor(backing: Backing, recorder: Recorder, description: Description, options: StoreOptions = {}) {
    this.#backing = backing;
    this.#recorder = recorder;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#waiting = new Waiting(backing, description, options.waiting);
    this.#alarms = new Alarms(backing, description, options);
    this.#told = new Told(backing);
  }

  add(delta: Delta): Promise<void> {
    return this.#queue.alone(async () => {
      if (this.#told.has(delta)) return;
      const start = startOf(this.#now());
      const isNew = this.#backing.get(keyOf(start)) === undefined;
      const changes = new Map(this.#waiting.keep(delta.kept, start));
      this.#addTo(changes, start, delta.rows, delta.profile);
      this.#told.remember(changes, delta);
      await this.#backing.commit(changes);
      this.#waiting.commit(changes);
      if (isNew) await this.#fold();
      // In nobody's way: who told waits for no report.
      setTimeout(() => this.summary().catch(() => undefined), 0);
    });
  }

  async windows(): Promise<Window[]> {
    const rows = (start: number) => rowsOf(this.#backing.get(keyOf(start)));
    return startsOf(this.#backing).map((start) => ({ start, rows: rows(start) }));
  }

  async profile(from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    const starts = startsOf(this.#backing).filter((start) => start >= from && start < to);
    return this.#recorder.sum(starts.map((start) => profileOf(this.#backing.get(keyOf(start)))));
  }

  feedback(labels: readonly Label[]): Promise<Fate[]> {
    return this.#queue.alone(async () => {
      const { changes, fates, outcomes } = this.#waiting.join(labels);
      // Outcomes belong to the hour of their prediction, whenever their labels come.
      for (const [start, rows] of outcomes) {
        this.#addTo(changes, start, 0, this.#recorder.judge(Float64Array.from(rows)));
      }
      await this.#backing.commit(changes);
      this.#waiting.commit(changes);
      return fates;
    });
  }

  summary(): Promise<Summary> {
    const now = this.#now();
    // A clock that was set back is not waited for.
    if (!this.#looked || Math.abs(now - this.#looked.at) >= FRESH) {
      this.#looked = { at: now, summary: this.#look(now) };
    }
    return this.#looked.summary;
  }

  async #look(now: number): Promise<Summary> {
    // Before the report: it has all labels that are told as counted.
    const counts = this.#waiting.counts();
    const found = this.#found(now);
    this.#complain(found.fault);
    const { report } = found;
    if (report) {
      await this.#queue.alone(() => this.#alarms.see(report));
      void this.#alarms.send((make) => this.#queue.alone(make));
    }
    return { ...found, ...counts, webhooks: this.#alarms.counts() };
  }

  #found(now: number): Pick<Summary, 'report' | 'fault'> {
    const { rules = '' } = this.#options;
    try {
      return { report: this.#report(now, rules) };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === 'no_rows') return {};
      return code === 'bad_rules' ? { ...this.#byDefault(now), fault: message } : { fault: message };
    }
  }

  /** Wrong rules hide no figures, and no alarms that all models have. */
  #byDefault(now: number): Pick<Summary, 'report'> {
    try {
      return { report: this.#report(now, '') };
    } catch {
      return {};
    }
  }

  #report(now: number, rules: string): Report {
    return this.#recorder.report(this.#recent(now, windowsOf(rules)), rules);
  }

  #complain(fault: string | undefined): void {
    if (fault !== undefined && fault !== this.#fault)
      console.error(`Monitoring is not as it should be: ${fault}`);
    this.#fault = fault;
  }

  /** The profiles of the last so many windows that have rows, the latest with all that a clock ahead has counted. */
  #recent(now: number, windows: number): Uint8Array[] {
    const length = (this.#options.hours ?? 24) * HOUR;
    const starts = startsOf(this.#backing);
    const profiles: Uint8Array[] = [];
    for (let to = startOf(now) + HOUR; windows-- > 0; to -= length) {
      const end = profiles.length === 0 && to > now ? Number.POSITIVE_INFINITY : to;
      const hours = starts
        .filter((start) => start >= to - length && start < end)
        .map((start) => this.#backing.get(keyOf(start)))
        .filter((hour) => rowsOf(hour) > 0);
      if (hours.length > 0) profiles.unshift(this.#recorder.sum(hours.map(profileOf)));
    }
    return profiles;
  }

  #addTo(
    changes: Map<string, Uint8Array | undefined>,
    start: number,
    rows: number,
    profile: Uint8Array,
  ): void {
    const key = keyOf(start);
    const known = changes.get(key) ?? this.#backing.get(key);
    const sum = this.#recorder.sum(known ? [profileOf(known), profile] : [profile]);
    changes.set(key, windowOf(rowsOf(known) + rows, sum));
  }

  /** Hours that are long ago become days. */
  async #fold(): Promise<void> {
    const changes = new Map<string, Uint8Array | undefined>();
    for (const [start, day] of tooOld(startsOf(this.#backing))) {
      const value = this.#backing.get(keyOf(start));
      this.#addTo(changes, day, rowsOf(value), profileOf(value));
      changes.set(keyOf(start), undefined);
    }
    if (changes.size > 0) await this.#backing.commit(changes);
  }
}

/**
 * Windows that rules look at: the one that they are about, and those before.
 *
 * @throws {HedgerowError} `bad_rules` of one that asks for more than is looked at, and would never be broken.
 */
function windowsOf(rules: string): number {
  const list = listOf(rules);
  const windows = list.map(({ windows = 1 }) => Number(windows)).filter(Number.isFinite);
  const most = Math.max(1, ...windows);
  if (most > WINDOWS) {
    const message = `a rule asks for ${most} windows in a row, and a worker looks at ${WINDOWS} at most.`;
    throw new HedgerowError(message, 'bad_rules');
  }
  return most + Number(list.some(({ change }) => change === 'previous'));
}

/** None of what is no list of rules: the recorder says what is wrong with them. */
function listOf(rules: string): { windows?: unknown; change?: unknown }[] {
  try {
    const list: unknown = JSON.parse(rules);
    return Array.isArray(list) ? list.filter((rule) => typeof rule === 'object' && rule !== null) : [];
  } catch {
    return [];
  }
}

export type { Changes };
