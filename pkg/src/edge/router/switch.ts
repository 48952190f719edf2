/** Which variants are killed: by who runs the router, by who asks it, or by their errors. */
import type { Settings } from './options.js';
import type { Cause, RouterStore } from './store.js';

/** Why a variant is killed: by an option, or for what the store has. */
export type Reason = 'option' | Cause;

/** Milliseconds for which it is taken for true what the store said; and that it has to say it at first. */
const FRESH = 5_000;
const PATIENCE = 1_000;

/** Requests are judged in so many times `killRequests`; then those before count half. */
const MEMORY = 10;

export class Switch {
  readonly #settings: Settings;
  readonly #store: () => RouterStore;
  #known: { at: number; killed: ReadonlyMap<string, Reason> } | undefined;
  #asking: Promise<void> | undefined;
  /** Requests and failures of each variant, lately. */
  readonly #lately = new Map<string, { requests: number; failures: number }>();

  constructor(settings: Settings, store: () => RouterStore) {
    this.#settings = settings;
    this.#store = store;
  }

  /**
   * What is killed and why, as was last heard; undefined where that was never heard. Who asks first waits for it.
   *
   * @param later Is told of what is still to be done.
   */
  async killed(later: (done: Promise<void>) => void): Promise<ReadonlyMap<string, Reason> | undefined> {
    const isOld = !this.#known || Math.abs(Date.now() - this.#known.at) >= FRESH;
    const asking = isOld ? this.#ask() : undefined;
    if (!this.#known) await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    else if (asking) later(asking);
    return this.#known?.killed;
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
      this.#known?.killed && this.#set(new Map([...this.#known.killed, [variant, 'errors']]));
      later(this.set([variant], 'errors').catch(() => undefined));
    } else if (lately.requests >= MEMORY * killRequests) {
      lately.requests /= 2;
      lately.failures /= 2;
    }
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#look()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #look(): Promise<void> {
    const byOption = this.#settings.kill.map((name): [string, Reason] => [name, 'option']);
    this.#set(new Map<string, Reason>([...Object.entries(await this.#store().killed()), ...byOption]));
  }

  #set(killed: ReadonlyMap<string, Reason>): void {
    this.#known = { at: Date.now(), killed };
  }
}
