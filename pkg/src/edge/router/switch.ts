/** Which variants are killed: by who runs the router, by who asks it, or by their errors. */
import { HedgerowError } from '../../error.js';
import type { Settings } from './options.js';
import type { Cause, KillStore } from './store.js';

/** Why a variant is killed: by an option, or for what the store has. */
export type Reason = 'option' | Cause;

/** Milliseconds for which what the store said is taken for true; and those that it has to say it at first. */
const FRESH = 5_000;
const PATIENCE = 1_000;

/** Requests are judged in so many times `killRequests`; then those before count half. */
const MEMORY = 10;

export class Switch {
  readonly #settings: Settings;
  readonly #store: () => KillStore;
  /** Kills that the store does not yet have: they hold here. */
  readonly #untold = new Map<string, Cause>();
  #known: ReadonlyMap<string, Reason> | undefined;
  #asked: { at: number; done: Promise<void> } | undefined;
  /** Requests and failures of each variant, lately. */
  readonly #lately = new Map<string, { requests: number; failures: number }>();

  constructor(settings: Settings, store: () => KillStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /**
   * What is killed and why, as was last heard; undefined where that was never heard, though for a second it is
   * waited for.
   *
   * @param later Is told of what is still to be done.
   */
  async killed(later: (done: Promise<void>) => void): Promise<ReadonlyMap<string, Reason> | undefined> {
    const now = Date.now();
    if (!this.#asked || Math.abs(now - this.#asked.at) >= FRESH) {
      this.#asked = { at: now, done: this.#look().catch(() => undefined) };
      later(this.#asked.done);
    }
    if (!this.#known) await within(this.#asked.at + PATIENCE - now, this.#asked.done);
    return this.#known;
  }

  /**
   * Kills variants, or brings them back where there is no cause. A kill holds in this worker at once, and is told
   * the store until it has it.
   *
   * @throws {HedgerowError} `store_unavailable`.
   */
  async set(names: readonly string[], cause?: Cause): Promise<void> {
    if (cause) this.#killHere(names, cause);
    try {
      await this.#tell(names, cause);
      await this.#look();
    } catch (error) {
      const message = cause
        ? 'it is killed here, but the store is away, and other workers do not know it yet. They are told as soon as it is back.'
        : 'the store is away, and what is killed stays so. Try again later.';
      throw new HedgerowError(message, 'store_unavailable', {}, { cause: error });
    }
  }

  #killHere(names: readonly string[], cause: Cause): void {
    for (const name of names) this.#untold.set(name, cause);
    this.#known = this.#all(this.#known ?? []);
  }

  async #tell(names: readonly string[], cause?: Cause): Promise<void> {
    await this.#store().kill(names, cause);
    for (const name of names) {
      this.#untold.delete(name);
      if (!cause) this.#lately.delete(name);
    }
  }

  /** A variant answered, or failed; it is killed where too many of its requests do. */
  judge(variant: string, isFailure: boolean, later: (done: Promise<void>) => void): void {
    const { killErrors, killRequests } = this.#settings;
    if (killErrors === undefined) return;
    const lately = this.#lately.get(variant) ?? { requests: 0, failures: 0 };
    this.#lately.set(variant, lately);
    lately.requests += 1;
    lately.failures += Number(isFailure);
    if (lately.requests >= killRequests && lately.failures > killErrors * lately.requests) {
      this.#lately.delete(variant);
      later(this.set([variant], 'errors').catch(() => undefined));
    } else if (lately.requests >= MEMORY * killRequests) {
      lately.requests /= 2;
      lately.failures /= 2;
    }
  }

  async #look(): Promise<void> {
    for (const [name, cause] of [...this.#untold]) await this.#tell([name], cause);
    this.#known = this.#all(Object.entries(await this.#store().killed()));
  }

  /** What is killed in the store, here and by options. */
  #all(stored: Iterable<readonly [string, Reason]>): ReadonlyMap<string, Reason> {
    const byOption = this.#settings.kill.map((name) => [name, 'option'] as const);
    return new Map([...this.#untold, ...stored, ...byOption]);
  }
}

/** Waits for something, but not for longer. */
async function within(milliseconds: number, done: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds));
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
