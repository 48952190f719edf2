/** Copies of requests, for variants whose answers are only compared. */
import type { List } from '../shapes.js';
import type { Ledger } from './ledger.js';
import type { Settings, Variant } from './options.js';
import { differenceOf, predictionsOf } from './predictions.js';
import { type Asked, ask } from './variants.js';

/** Sends no more copies at a time than it may; no failure of theirs leaves here. */
export class Shadows {
  readonly #settings: Settings;
  readonly #ledger: Ledger;
  #running = 0;

  constructor(settings: Settings, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  /** Sends a copy to a variant, and compares its answer with what the control predicted. It never rejects. */
  async copy(variant: Variant, asked: Asked, predicted: List | undefined): Promise<void> {
    if (this.#running >= this.#settings.copies) return this.#ledger.count(variant.name, 'copiesSkipped');
    this.#running += 1;
    try {
      // Once what was answered is on its way: a variant in this worker takes its time.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const answered = await ask(variant, asked, this.#settings.timeout);
      this.#ledger.count(variant.name, answered.status < 500 ? 'copied' : 'copiesFailed');
      this.#compare(variant.name, predicted, predictionsOf(answered));
    } catch {
      this.#ledger.count(variant.name, 'copiesFailed');
    } finally {
      this.#running -= 1;
    }
  }

  #compare(name: string, one: List | undefined, other: List | undefined): void {
    const difference = differenceOf(one, other);
    if (!difference) return;
    this.#ledger.count(name, 'rowsCompared', difference.rows);
    this.#ledger.count(name, 'rowsAgreeing', difference.agreeing);
    this.#ledger.count(name, 'absoluteDifference', difference.absolute);
  }
}
