import { timeLeft } from '../lib/eta.ts';
import type { Plan } from '../lib/plan.ts';
import { workDone } from '../lib/progress.ts';
import type { ScorePoint } from '../lib/score-path.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { Problem, Progress } from '../worker/protocol.ts';
import { data } from './data.svelte.ts';
import { planned } from './plan.svelte.ts';
import { result, type Validated } from './result.svelte.ts';
import { route } from './route.svelte.ts';
import { tracking } from './tracking.svelte.ts';

/** Problems with what was chosen of a learner. */
const LEARNER_CODES = ['bad_parameter', 'bad_learner', 'wrong_task', 'unknown_class'];

/** Problems with calibration and threshold: they are all that can be wrong with a training's folds. */
const ADJUST_CODES = ['not_adjustable', 'nothing_worked'];

/** The training that runs, or ran last. Belongs to no view, so it goes on whatever is looked at. */
class TrainingState {
  running = $state(false);
  plan = $state.raw<Plan | null>(null);
  progress = $state.raw<Progress | null>(null);
  /** The scores so far, by name. */
  scores = $state.raw<Record<string, ScorePoint[]>>({});
  secondsLeft = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  cancelled = $state(false);
  /** Seconds that the last finished training took. */
  took = $state<number | null>(null);

  /** Steps that the fit has at most. */
  steps = $state(0);

  #cancel: AbortController | undefined;
  #started = 0;

  get #adjusted(): boolean {
    return this.plan?.adjustment !== undefined;
  }

  /** Share done, 0 to 1. */
  get share(): number {
    if (!this.progress) return 0;
    const { done, total } = workDone(this.progress, this.#adjusted);
    return done / total;
  }

  /** Where the problem's cause is: at the target, at the learner or one of its parameters, at what is adjusted, or in the
   * training. */
  get problemPlace(): 'target' | 'learner' | 'adjustment' | 'training' {
    const code = this.problem?.code ?? '';
    if (code.startsWith('target_')) return 'target';
    if (ADJUST_CODES.includes(code)) return 'adjustment';
    return LEARNER_CODES.includes(code) ? 'learner' : 'training';
  }

  /** `validated` is what the learner was found to be worth before. */
  async start(plan: Plan, validated?: Validated): Promise<void> {
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.#reset(plan);
    const origin = {
      recipe: data.recipe,
      plan,
      candidates: planned.candidates,
      validated: validated ?? null,
    };
    try {
      const options = { signal: cancel.signal, onProgress: (progress: Progress) => this.#advance(progress) };
      const { model, evaluation, run } = await call('train', { plan, read: data.recipe }, options);
      this.took = (performance.now() - this.#started) / 1000;
      result.show(model, evaluation, origin, run);
      tracking.note();
      if (route.view === 'train') route.go('result');
    } catch (error) {
      if (wasCancelled(error)) this.cancelled = true;
      else this.problem = problemOf(error);
    } finally {
      this.running = false;
    }
  }

  cancel(): void {
    this.#cancel?.abort();
  }

  #reset(plan: Plan): void {
    this.running = true;
    this.plan = plan;
    this.progress = null;
    this.scores = {};
    this.secondsLeft = null;
    this.problem = null;
    this.cancelled = false;
    this.took = null;
    this.#started = performance.now();
  }

  #advance(progress: Progress): void {
    this.progress = progress;
    const work = workDone(progress, this.#adjusted);
    this.secondsLeft = timeLeft(work.done, work.total, (performance.now() - this.#started) / 1000);
    if (progress.phase !== 'fit') return;
    const { done, total, score } = progress;
    this.steps = total;
    if (!score) return;
    const before = this.scores[score.name] ?? [];
    this.scores = { ...this.scores, [score.name]: [...before, { done, value: score.value }] };
  }
}

export const training = new TrainingState();
