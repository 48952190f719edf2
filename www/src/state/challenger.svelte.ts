import type { PromotionRule } from 'hedgerow/monitor';
import type { Version } from 'hedgerow/track';
import type { RunRecipe } from '../lib/challenger.ts';
import { workDone } from '../lib/progress.ts';
import { call, problemOf } from '../worker/client.ts';
import type { Problem, WatchedFacts } from '../worker/protocol.ts';
import { Job } from './job.svelte.ts';
import { tracking } from './tracking.svelte.ts';

type Rule = { [Name in keyof PromotionRule]?: PromotionRule[Name] | undefined };

/** What is to take the watched model's place. */
class ChallengerState {
  readonly job = new Job('challenge');
  /** The new rows that were chosen; the last where none were. */
  source = $state<number | null>(null);
  /** What differs from the usual rule. */
  rule = $state.raw<Partial<PromotionRule>>({});
  /** Why none can be trained. */
  reason = $state.raw<string | null>(null);
  recipe = $state.raw<RunRecipe | null>(null);
  version = $state.raw<Version | null>(null);
  promoted = $state(false);
  /** Why it is not the champion, though that was asked for. */
  moved = $state.raw<Problem | null>(null);
  registering = $state(false);

  #of = $state<string | null>(null);
  #looks = 0;

  /** Share done; nothing is known of it while both are judged. */
  get share(): number | undefined {
    const { progress } = this.job;
    if (!progress || progress.phase === 'evaluate' || progress.phase === 'profile') return undefined;
    if (progress.phase === 'read') return progress.total > 0 ? progress.done / progress.total : undefined;
    const { done, total } = workDone(progress, this.recipe?.adjust != null);
    return done / total;
  }

  /** Whether what came of it is of this champion. */
  isOf(sha256: string): boolean {
    return this.#of === sha256;
  }

  /** Whether a watched model can be trained again, and how; of several looks the last one counts. */
  async look({ sha256 }: WatchedFacts): Promise<void> {
    if (this.#of !== null && this.#of !== sha256) this.job.forget();
    this.#looks += 1;
    const look = this.#looks;
    const found = await call('challengeable', null).catch((error: unknown) => ({
      reason: problemOf(error).message,
      recipe: null,
    }));
    if (look !== this.#looks) return;
    this.reason = found.reason;
    this.recipe = found.recipe;
  }

  change(change: Rule): void {
    const usual = Object.entries({ ...this.rule, ...change });
    this.rule = Object.fromEntries(usual.filter(([, value]) => value !== undefined && value !== 0));
  }

  start(sha256: string, name: string, source: Blob): void {
    this.#of = sha256;
    this.version = null;
    this.promoted = false;
    this.moved = null;
    void this.job.start({ name, source, rule: this.rule });
  }

  /** Makes it a version; with a reason, the champion. */
  async register(name: string, reason: string | null): Promise<void> {
    this.registering = true;
    try {
      const { version, moved } = await call('registerChallenger', { name, reason });
      this.version = version;
      this.moved = moved;
      this.promoted = reason !== null && moved === null;
      tracking.note();
    } finally {
      this.registering = false;
    }
  }
}

export const challenger = new ChallengerState();
