/** What a worker has counted and not yet told. */
import { Teller } from '../telling.js';
import { count, type Figure, type Figures } from './figures.js';
import type { Settings } from './options.js';
import type { Kept } from './requests.js';
import type { Counts, RouterStore } from './store.js';

/** Requests that are held at most, while the store does not answer. */
const HELD = 10_000;

export class Ledger {
  readonly #teller: Teller<Counts>;
  #figures: Figures = {};
  #units = new Map<string, number>();
  #kept: Kept[] = [];
  #isEmpty = true;

  constructor(settings: Settings, store: () => RouterStore) {
    const options = { flushAfter: settings.flushAfter, now: Date.now };
    this.#teller = new Teller(
      () => this.#take(),
      (delta) => store().add(delta),
      options,
    );
  }

  count(variant: string, figure: Figure, more = 1): void {
    count(this.#figures, variant, figure, more);
    this.#isEmpty = false;
  }

  /** A unit is part of the experiment, in its first variant. */
  expose(unit: string, variant: number): void {
    if (this.#units.size < HELD && !this.#units.has(unit)) this.#units.set(unit, variant);
    this.#isEmpty = false;
  }

  /** A request was answered. */
  keep(kept: Kept): void {
    if (this.#kept.length < HELD) this.#kept.push(kept);
    this.#isEmpty = false;
  }

  due(): Promise<void> | undefined {
    return this.#teller.due(!this.#isEmpty);
  }

  /** @throws {HedgerowError} `store_unavailable`; then it is told later. */
  flush(): Promise<void> {
    return this.#teller.flush();
  }

  #take(): Counts | undefined {
    if (this.#isEmpty) return undefined;
    const counts = { figures: this.#figures, units: [...this.#units], kept: this.#kept };
    this.#figures = {};
    this.#units = new Map();
    this.#kept = [];
    this.#isEmpty = true;
    return counts;
  }
}
