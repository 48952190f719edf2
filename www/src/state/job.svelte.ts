import { timeLeft } from '../lib/eta.ts';
import type { StudyStep } from '../lib/studies.ts';
import type { Answer, Args, CallName } from '../worker/calls.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { Problem, Progress } from '../worker/protocol.ts';
import { tracking } from './tracking.svelte.ts';

/** A call that takes its time: how far it is, what came of it. Belongs to no view, so it goes on whatever is
 * looked at. */
export class Job<Name extends CallName> {
  running = $state(false);
  /** What was asked. */
  args = $state.raw<Args<Name> | null>(null);
  answer = $state.raw<Answer<Name> | null>(null);
  progress = $state.raw<Progress | null>(null);
  /** What has ended so far. */
  steps = $state.raw<StudyStep[]>([]);
  secondsLeft = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  cancelled = $state(false);
  took = $state<number | null>(null);

  readonly #name: Name;
  #cancel: AbortController | undefined;
  #started = 0;

  constructor(name: Name) {
    this.#name = name;
  }

  /** Share done, 0 to 1. */
  get share(): number {
    const { progress } = this;
    return progress && progress.total > 0 ? progress.done / progress.total : 0;
  }

  /** Whether it runs, or something came of it. */
  get shown(): boolean {
    return this.running || this.took !== null || this.problem !== null;
  }

  async start(args: Args<Name>): Promise<void> {
    this.#reset(args);
    const cancel = new AbortController();
    this.#cancel = cancel;
    // What was forgotten meanwhile does not come back.
    const wanted = () => this.#cancel === cancel && this.args === args;
    try {
      const answer = await call(this.#name, args, {
        signal: cancel.signal,
        onProgress: (progress) => wanted() && this.#advance(progress),
      });
      if (!wanted()) return;
      this.answer = answer;
      this.took = (performance.now() - this.#started) / 1000;
    } catch (error) {
      if (!wanted()) return;
      if (wasCancelled(error)) this.cancelled = true;
      else this.problem = problemOf(error);
    } finally {
      if (wanted()) this.running = false;
      tracking.note();
    }
  }

  cancel(): void {
    this.#cancel?.abort();
  }

  /** Ends it if it runs, and forgets what came of it. */
  forget(): void {
    this.cancel();
    this.#reset(null);
  }

  #reset(args: Args<Name> | null): void {
    this.running = args !== null;
    this.args = args;
    this.answer = null;
    this.progress = null;
    this.steps = [];
    this.secondsLeft = null;
    this.problem = null;
    this.cancelled = false;
    this.took = null;
    this.#started = performance.now();
  }

  #advance(progress: Progress): void {
    this.progress = progress;
    const { phase, done, total, step } = progress;
    const seconds = (performance.now() - this.#started) / 1000;
    // What comes after the trainings that are counted takes a time of its own.
    this.secondsLeft = phase === 'study' ? timeLeft(done, total, seconds) : null;
    if (step) this.steps = [...this.steps, step];
  }
}
