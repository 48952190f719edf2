import type { Plan } from '../lib/plan.ts';
import { modelFileName, type Recipe } from '../lib/recipe.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { Evaluation, Importance, ModelFacts, Problem } from '../worker/protocol.ts';

/** What a learner is worth by cross-validation, where no rows were kept back from the model itself. */
export interface Validated {
  metric: string;
  folds: number;
  mean: number;
  std: number;
}

/** How the model was made in this page; unknown of an opened model file. */
export interface Origin {
  recipe: Recipe;
  plan: Plan;
  /** The columns that could have been learned from. */
  candidates: string[];
  validated?: Validated | null;
}

/** The current model, what it is worth, and where it came from. */
class ResultState {
  model = $state.raw<ModelFacts | null>(null);
  evaluation = $state.raw<Evaluation | null>(null);
  importance = $state.raw<Importance | null>(null);
  /** Share of the permutation importance computed, while it is. */
  measuring = $state<number | null>(null);
  origin = $state.raw<Origin | null>(null);
  /** The run that the model is recorded in, where that is known. */
  run = $state<string | null>(null);
  busy = $state<'opening' | 'evaluating' | null>(null);
  problem = $state.raw<Problem | null>(null);

  #cancel: AbortController | undefined;

  get fileName(): string {
    return this.model
      ? modelFileName(this.model.info.schema.target.name, this.model.sha256)
      : 'model.safetensors';
  }

  /** `run` is the one that it is recorded in; `measurable` is whether the rows of the evaluation are there. */
  show(
    model: ModelFacts,
    evaluation: Evaluation | null,
    origin: Origin | null,
    run: string | null = null,
    measurable = true,
  ): void {
    this.#cancel?.abort();
    this.model = model;
    this.evaluation = evaluation;
    this.origin = origin;
    this.run = run;
    this.importance = null;
    this.problem = null;
    saveSetting('origin', origin);
    saveSetting('run', run);
    saveSetting('loaded', true);
    if (evaluation && measurable) void this.#measure();
  }

  restore(model: ModelFacts, evaluation: Evaluation | null): void {
    const origin = loadSetting<Origin>('origin') ?? null;
    this.show(model, evaluation, origin, loadSetting<string>('run') ?? null);
  }

  async open(source: Blob): Promise<void> {
    await this.#work('opening', async () => this.show(await call('openModel', { source }), null, null));
  }

  /** Opens the model of a run. */
  async openRun(run: string): Promise<void> {
    await this.#work('opening', async () => {
      const { model, evaluation, measurable } = await call('openRun', { run });
      this.show(model, evaluation, null, run, measurable);
    });
  }

  /** Evaluates the current model on the whole loaded table. */
  async evaluate(): Promise<void> {
    await this.#work('evaluating', async () => {
      this.evaluation = await call('evaluate', null);
      void this.#measure();
    });
  }

  async #work(busy: 'opening' | 'evaluating', work: () => Promise<void>): Promise<void> {
    this.busy = busy;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = null;
    }
  }

  /** Permutation importance takes its time, so it comes after the rest. */
  async #measure(): Promise<void> {
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.importance = null;
    this.measuring = 0;
    try {
      this.importance = await call('importance', null, {
        signal: cancel.signal,
        onProgress: ({ done, total }) => {
          this.measuring = total > 0 ? done / total : 0;
        },
      });
    } catch (error) {
      if (!wasCancelled(error) && this.#cancel === cancel) this.problem = problemOf(error);
    } finally {
      if (this.#cancel === cancel) this.measuring = null;
    }
  }
}

export const result = new ResultState();
