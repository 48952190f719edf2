/** What a worker counts, and when it tells the store. */
import { HedgerowError } from '../../error.js';
import type { Description } from '../description.js';
import type { Recording } from '../recorded.js';
import type { Column, Scores } from '../scorer.js';
import { driftMetrics } from './metrics.js';
import { paths } from './openapi.js';
import type { Recorder } from './recorder.js';
import { recordingRoutes } from './routes.js';
import type { Delta, RecordStore, Summary } from './store.js';
import { type Kept, keptOf } from './waiting.js';

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

/** Predictions that a worker holds at most, while its store does not answer. */
const HELD = 10_000;

/** The header that names a request, for its labels. */
const REQUEST_ID = 'x-request-id';

/** Milliseconds after which nobody waits any more for what a request began that may be gone. */
const LOST = 30_000;

/**
 * Records what a handler answers: rows into the recorder, whose counts go to the store some seconds after a
 * request. They are gone from here once the store has said that it has them.
 *
 * @throws {HedgerowError} `bad_option`.
 */
export function recordTo(
  store: () => RecordStore,
  recorder: Recorder,
  description: Description,
  options: RecordingOptions = {},
): Recording {
  return new Recorded(store, recorder, description, options);
}

/** A telling, which may be gone with the request that began it. */
interface Flight {
  since: number;
  done: Promise<void>;
}

function isFresh({ since }: Flight, now: number): boolean {
  return Math.abs(now - since) < LOST;
}

class Recorded implements Recording {
  readonly routes: Recording['routes'];
  readonly paths = paths;
  readonly #store: () => RecordStore;
  readonly #recorder: Recorder;
  readonly #description: Description;
  readonly #sampling: number;
  readonly #keeps: boolean;
  readonly #flushAfter: number;
  readonly #now: () => number;
  #worker: string | undefined;
  #sequence = 0;
  /** What was counted since the last delta. */
  #rows = 0;
  #kept: Kept[] = [];
  /** What the store has not yet said that it has. */
  #delta: Delta | undefined;
  #flight: Flight | undefined;
  #next: Flight | undefined;
  #due: { since: number } | undefined;
  readonly #counts = { recorded: 0, dropped: 0, failed: { record: 0, store: 0 } };
  #seen: { at: number; summary: Promise<Summary> } | undefined;

  constructor(
    store: () => RecordStore,
    recorder: Recorder,
    description: Description,
    options: RecordingOptions,
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
    this.#flushAfter = flushAfter;
    this.#now = now;
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
      this.#counts.failed.record += 1;
      return;
    }
    if (!this.#keeps) return;
    if (this.#kept.length >= HELD) this.#counts.dropped += 1;
    else this.#kept.push(keptOf(id, rows, scores));
  }

  due(): Promise<void> | undefined {
    const now = this.#now();
    if (this.#rows === 0 && !this.#delta) return undefined;
    if (this.#due && Math.abs(now - this.#due.since) < this.#flushAfter + LOST) return undefined;
    const due = { since: now };
    this.#due = due;
    return later(this.#flushAfter).then(async () => {
      if (this.#due === due) this.#due = undefined;
      await this.flush().catch(() => undefined);
    });
  }

  /** One tells at a time, and one waits to tell all that is counted until it begins. */
  flush(): Promise<void> {
    const now = this.#now();
    if (this.#next && isFresh(this.#next, now)) return this.#next.done;
    const before =
      this.#flight && isFresh(this.#flight, now) ? this.#flight.done.catch(() => undefined) : undefined;
    const next: Flight = {
      since: now,
      done: Promise.resolve(before).then(() => {
        if (this.#next === next) this.#next = undefined;
        this.#flight = { since: this.#now(), done: this.#tell() };
        return this.#flight.done;
      }),
    };
    this.#next = next;
    return next.done;
  }

  /** What is counted meanwhile is told the next time, or this would have no end. */
  async #tell(): Promise<void> {
    if (this.#delta) await this.#send(this.#delta);
    if (this.#rows === 0) return;
    this.#delta = this.#take();
    await this.#send(this.#delta);
  }

  async #send(delta: Delta): Promise<void> {
    try {
      await this.#store().add(delta);
    } catch (cause) {
      this.#counts.failed.store += 1;
      const message = 'what was counted cannot be stored now. Try again later; nothing of it is lost yet.';
      throw new HedgerowError(message, 'store_unavailable', {}, { cause });
    }
    if (this.#delta === delta) this.#delta = undefined;
  }

  #take(): Delta {
    this.#worker ??= crypto.randomUUID();
    this.#sequence += 1;
    const delta: Delta = {
      worker: this.#worker,
      sequence: this.#sequence,
      rows: this.#rows,
      profile: this.#recorder.take(),
      kept: this.#kept,
    };
    this.#rows = 0;
    this.#kept = [];
    return delta;
  }

  async metrics(): Promise<string> {
    const counts = { ...this.#counts, allocated: this.#recorder.allocated };
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

/** The request's own id where it is short and printable, or else a new one. */
function idOf(request: Request): string {
  const given = request.headers.get(REQUEST_ID);
  return given !== null && /^[\x21-\x7e]{1,128}$/.test(given) ? given : crypto.randomUUID();
}

/** Nothing waits for it where nothing else is to be done: who ends a process flushes. */
function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds);
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  });
}
