/** What a worker counts, and when it tells the store. */
import { HedgerowError } from '../../error.js';
import type { Description } from '../description.js';
import type { Recording } from '../recorded.js';
import { idOf, REQUEST_ID } from '../request-id.js';
import type { Column, Scores } from '../scorer.js';
import { Teller } from '../telling.js';
import { Held } from './held.js';
import { driftMetrics } from './metrics.js';
import { paths } from './openapi.js';
import type { Recorder } from './recorder.js';
import { recordingRoutes } from './routes.js';
import type { Counted, RecordStore, Summary } from './store.js';

/** How a worker records. */
export interface RecordingOptions {
  /** The share of requests whose rows are counted, 0 to 1. Default 1. */
  sampling?: number | undefined;
  /** Whether predictions wait for their labels. Default true. */
  feedback?: boolean | undefined;
  /** Milliseconds after a request in which the store is told of its rows. Default 10,000. */
  flushAfter?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: (() => number) | undefined;
}

/**
 * Records what a handler answers: rows into the recorder, whose counts go to the store some seconds after a
 * request. They are gone from here once the store has said that it has them.
 *
 * @param release Gives back what the store has, such as a file.
 * @throws {HedgerowError} `bad_option`.
 */
export function recordTo(
  store: () => RecordStore,
  recorder: Recorder,
  description: Description,
  options: RecordingOptions = {},
  release: () => Promise<void> = async () => undefined,
): Recording {
  return new Recorded(store, recorder, description, options, release);
}

class Recorded implements Recording {
  readonly routes: Recording['routes'];
  readonly paths = paths;
  readonly #store: () => RecordStore;
  readonly #recorder: Recorder;
  readonly #description: Description;
  readonly #sampling: number;
  readonly #keeps: boolean;
  readonly #now: () => number;
  readonly #release: () => Promise<void>;
  readonly #teller: Teller<Counted>;
  /** What was counted since the last delta. */
  #rows = 0;
  readonly #held = new Held();
  readonly #counts = { recorded: 0, dropped: 0 };
  /** Requests that could not be counted. */
  #failed = 0;
  #seen: { at: number; summary: Promise<Summary> } | undefined;

  constructor(
    store: () => RecordStore,
    recorder: Recorder,
    description: Description,
    options: RecordingOptions,
    release: () => Promise<void>,
  ) {
    const { sampling = 1, feedback = true, flushAfter = 10_000, now = Date.now } = options;
    if (!(sampling >= 0 && sampling <= 1)) {
      throw new HedgerowError('the option sampling must be a share from 0 to 1.', 'bad_option');
    }
    if (!(flushAfter >= 0)) {
      throw new HedgerowError('the option flushAfter must be a number from 0 on.', 'bad_option');
    }
    this.#store = store;
    this.#recorder = recorder;
    this.#description = description;
    this.#sampling = sampling;
    this.#keeps = feedback;
    this.#now = now;
    this.#release = release;
    this.#teller = new Teller(
      () => this.#take(),
      (delta) => this.#store().add(delta),
      { flushAfter, now },
    );
    this.routes = recordingRoutes(description, async () => {
      await this.flush();
      return this.#store();
    });
  }

  record(request: Request, columns: readonly Column[], rows: number, scores: Scores): Record<string, string> {
    const id = idOf(request);
    this.#count(id, columns, rows, scores);
    // Pages of other origins may read it, too.
    return { [REQUEST_ID]: id, 'access-control-expose-headers': REQUEST_ID };
  }

  #count(id: string, columns: readonly Column[], rows: number, scores: Scores): void {
    if (rows === 0 || (this.#sampling < 1 && Math.random() >= this.#sampling)) return;
    try {
      this.#recorder.record(columns, rows, scores);
      this.#rows += rows;
      this.#counts.recorded += rows;
    } catch {
      this.#failed += 1;
      return;
    }
    if (this.#keeps && !this.#held.keep(id, rows, scores)) this.#counts.dropped += 1;
  }

  due(): Promise<void> | undefined {
    return this.#teller.due(this.#rows > 0);
  }

  flush(): Promise<void> {
    return this.#teller.flush();
  }

  async close(): Promise<void> {
    await this.flush().finally(this.#release);
  }

  #take(): Counted | undefined {
    if (this.#rows === 0) return undefined;
    const counted = { rows: this.#rows, profile: this.#recorder.take(), kept: this.#held.take() };
    this.#rows = 0;
    return counted;
  }

  async metrics(): Promise<string> {
    const failed = { record: this.#failed, store: this.#teller.failed };
    const counts = { ...this.#counts, failed, allocated: this.#recorder.allocated };
    const summary = await this.#summary().catch(() => undefined);
    return driftMetrics(this.#description, counts, summary);
  }

  /** The store's may be far away. */
  #summary(): Promise<Summary> {
    const now = this.#now();
    if (!this.#seen || Math.abs(now - this.#seen.at) >= 15_000) {
      this.#seen = { at: now, summary: Promise.resolve(this.#store().summary()) };
    }
    return this.#seen.summary;
  }
}
