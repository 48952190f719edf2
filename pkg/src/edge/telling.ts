/** Telling a store what was counted, some time after a request, so that each count arrives once. */
import { HedgerowError } from '../error.js';

/** What was counted since the last time, by whom. */
export interface Numbered {
  /** The worker: a UUID of its own. */
  worker: string;
  /** Counts up with every delta of a worker: one that was told before is known by it. */
  sequence: number;
}

/** Milliseconds after which nobody waits any more for what a request began that may be gone. */
const LOST = 30_000;

export interface TellerOptions {
  /** Milliseconds after a request in which the store is told of it. */
  flushAfter: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A telling, which may be gone with the request that began it. */
interface Flight {
  since: number;
  done: Promise<void>;
}

function isFresh({ since }: Flight, now: number): boolean {
  return Math.abs(now - since) < LOST;
}

/** What was counted is gone from a worker once the store has said that it has it. */
export class Teller<Counts extends object> {
  readonly #take: () => Counts | undefined;
  readonly #add: (delta: Counts & Numbered) => Promise<void>;
  readonly #options: TellerOptions;
  #worker: string | undefined;
  #sequence = 0;
  /** What the store has not yet said that it has. */
  #delta: (Counts & Numbered) | undefined;
  #flight: Flight | undefined;
  #next: Flight | undefined;
  #due: { since: number } | undefined;
  #failed = 0;

  /** `take` gives what was counted since it was last called, if anything was. */
  constructor(
    take: () => Counts | undefined,
    add: (delta: Counts & Numbered) => Promise<void>,
    options: TellerOptions,
  ) {
    this.#take = take;
    this.#add = add;
    this.#options = options;
  }

  /** How often the store did not take it. */
  get failed(): number {
    return this.#failed;
  }

  /** What is still to be done after an answer, if there is more to tell and nobody does it yet. It never rejects. */
  due(isMore: boolean): Promise<void> | undefined {
    if (!isMore && !this.#delta) return undefined;
    const now = this.#options.now();
    if (this.#due && Math.abs(now - this.#due.since) < this.#options.flushAfter + LOST) return undefined;
    const due = { since: now };
    this.#due = due;
    return later(this.#options.flushAfter).then(async () => {
      if (this.#due === due) this.#due = undefined;
      await this.flush().catch(() => undefined);
    });
  }

  /**
   * Tells the store all. One tells at a time, and one waits to tell all that is counted until it begins.
   *
   * @throws {HedgerowError} `store_unavailable`; then it is told later.
   */
  flush(): Promise<void> {
    const now = this.#options.now();
    if (this.#next && isFresh(this.#next, now)) return this.#next.done;
    const before =
      this.#flight && isFresh(this.#flight, now) ? this.#flight.done.catch(() => undefined) : undefined;
    const next: Flight = {
      since: now,
      done: Promise.resolve(before).then(() => {
        if (this.#next === next) this.#next = undefined;
        this.#flight = { since: this.#options.now(), done: this.#tell() };
        return this.#flight.done;
      }),
    };
    this.#next = next;
    return next.done;
  }

  /** What is counted meanwhile is told the next time, or this would have no end. */
  async #tell(): Promise<void> {
    // Another telling, which was taken for lost, may have made one meanwhile.
    while (this.#delta) await this.#send(this.#delta);
    const counts = this.#take();
    if (!counts) return;
    this.#worker ??= crypto.randomUUID();
    this.#sequence += 1;
    this.#delta = { ...counts, worker: this.#worker, sequence: this.#sequence };
    await this.#send(this.#delta);
  }

  async #send(delta: Counts & Numbered): Promise<void> {
    try {
      await this.#add(delta);
    } catch (cause) {
      this.#failed += 1;
      const message = 'what was counted cannot be stored now. Try again later; nothing of it is lost yet.';
      throw new HedgerowError(message, 'store_unavailable', {}, { cause });
    }
    if (this.#delta === delta) this.#delta = undefined;
  }
}

/** Nothing waits for it where nothing else is to be done: who ends a process flushes. */
function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds);
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  });
}
