import { call, problemOf } from '../worker/client.ts';
import type { Export, Exported, Problem, TargetFacts } from '../worker/protocol.ts';

/** What there is to export to, and what came of the current choice. */
class ExportingState {
  targets = $state.raw<TargetFacts[]>([]);
  /** What the service is to be called; null is as the model says. */
  name = $state<string | null>(null);
  exported = $state.raw<Exported | null>(null);
  /** What is shown as `exported`. */
  args = $state.raw<Export | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  #model = '';
  #last = 0;

  async load(): Promise<void> {
    if (this.targets.length > 0) return;
    try {
      this.targets = await call('targets', null);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** Exports a model; of several at a time the last one counts. Another model is not called as the last. */
  async make(model: string, args: Export): Promise<void> {
    if (model !== this.#model) {
      this.#model = model;
      this.exported = null;
      if (args.name !== null) {
        // Whoever shows the name asks again.
        this.name = null;
        return;
      }
    }
    this.#last += 1;
    const turn = this.#last;
    this.busy = true;
    try {
      const exported = await call('exportTo', args);
      if (turn !== this.#last) return;
      this.exported = exported;
      this.args = args;
      this.problem = null;
    } catch (error) {
      if (turn !== this.#last) return;
      this.problem = problemOf(error);
      // What another target gave does not stand under this one.
      if (this.args?.target !== args.target) this.exported = null;
    } finally {
      if (turn === this.#last) this.busy = false;
    }
  }
}

export const exporting = new ExportingState();
