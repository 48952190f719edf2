/** Which variants are killed: by who runs the router, by who asks it, or by their errors. */
import type { Settings } from './options.js';
import type { Cause, RouterStore } from './store.js';

/** Why a variant is killed: by an option, or for what the store has. */
export type Reason = 'option' | Cause;

/** Milliseconds for which what the store said is taken for true; and those that it has to say it at first. */
const FRESH = 5_000;
const PATIENCE = 1_000;

/** Requests are judged in so many times `killRequests`; then those before count half. */
const MEMORY = 10;

export class Switch {
  readonly #settings: Settings;
  readonly #store: () => RouterStore;
  #known: ReadonlyMap<string, Reason> | undefined;
  #asked: { at: number; done: Promise<void> } | undefined;
  /** Requests and failures of each variant, lately. */
  readonly #lately = new Map<string, { requests: number; failures: number }>();

  constructor(settings: Settings, store: () => RouterStore) {
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
   * Kills variants, or brings them back where there is no cause.
   *
   * @throws whatever the store does.
   */
  async set(names: readonly string[], cause?: Cause): Promise<void> {
    await this.#store().kill(names, cause);
    if (!cause) for (const name of names) this.#lately.delete(name);
    await this.#look();
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
      // Here at once; elsewhere once the store was told, and again by its next errors if it was not.
      this.#known = new Map<string, Reason>([...(this.#known ?? []), [variant, 'errors']]);
      later(this.set([variant], 'errors').catch(() => undefined));
    } else if (lately.requests >= MEMORY * killRequests) {
      lately.requests /= 2;
      lately.failures /= 2;
    }
  }

  async #look(): Promise<void> {
    const byOption = this.#settings.kill.map((name): [string, Reason] => [name, 'option']);
    this.#known = new Map<string, Reason>([...Object.entries(await this.#store().killed()), ...byOption]);
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
