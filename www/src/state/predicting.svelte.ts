import { typicalValue } from '../lib/fields.ts';
import { call, problemOf } from '../worker/client.ts';
import type { Cell, ModelFacts, Problem } from '../worker/protocol.ts';

/** A row that is tried, and what is made of it. One question is asked at a time; what changed meanwhile is
 * asked next. */
export class Predicting<Answer> {
  row = $state.raw<Record<string, Cell>>({});
  answer = $state.raw<Answer | null>(null);
  problem = $state.raw<Problem | null>(null);

  readonly #predict: (row: Record<string, Cell>) => Promise<Answer>;
  #asking = false;
  #changed = false;
  #examples = 0;

  constructor(model: ModelFacts, predict: (row: Record<string, Cell>) => Promise<Answer>) {
    const { features } = model.info.schema;
    this.#predict = predict;
    this.row = Object.fromEntries(features.map((field) => [field.name, typicalValue(field)]));
    void this.ask();
  }

  set(name: string, value: Cell): void {
    this.row = { ...this.row, [name]: value };
    void this.ask();
  }

  /** Fills the form with a row of the loaded table, another one each time. */
  async example(): Promise<void> {
    this.#examples += 1;
    try {
      this.row = await call('exampleRow', { seed: this.#examples * 7919 });
      await this.ask();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** Asks about the row as it is now. */
  async ask(): Promise<void> {
    this.#changed = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#changed) {
        this.#changed = false;
        this.answer = await this.#predict(this.row);
        this.problem = null;
      }
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.#asking = false;
    }
  }
}
