import { type Choice, defaultChoice, learnable } from '../lib/choice.ts';
import type { Params, ParamValue, Plan } from '../lib/plan.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { likelyTask, type TaskKind } from '../lib/target.ts';
import { data } from './data.svelte.ts';

/** What the Train view has chosen. Follows the table: a column that is gone is not chosen any more. */
class PlanState {
  #choice = $state.raw<Choice>(loadSetting('choice') ?? defaultChoice());

  /** The target, if the table still has it. */
  get target(): string | null {
    const { target } = this.#choice;
    return data.table?.columns.some((column) => column.name === target) ? target : null;
  }

  /** What the target's values suggest. */
  get likelyTask(): TaskKind {
    const summary = data.summary?.find(({ name }) => name === this.target);
    return summary ? likelyTask(summary) : 'classification';
  }

  get task(): TaskKind {
    return this.#choice.task === 'auto' ? this.likelyTask : this.#choice.task;
  }

  get candidates(): string[] {
    return data.table ? learnable(data.table.columns, this.target) : [];
  }

  get features(): string[] {
    const excluded = new Set(this.#choice.excluded);
    return this.candidates.filter((name) => !excluded.has(name));
  }

  get params(): Params {
    return this.#choice.params;
  }

  get testShare(): number {
    return this.#choice.testShare;
  }

  get seed(): number {
    return this.#choice.seed;
  }

  get stratify(): boolean {
    return this.#choice.stratify && this.task === 'classification';
  }

  /** The plan as it stands, or null while there is no target. */
  get plan(): Plan | null {
    const { target, features, testShare, seed, stratify, params } = this;
    const { task } = this.#choice;
    if (target === null) return null;
    return { target, task, features, learner: { kind: 'random-forest', params }, testShare, seed, stratify };
  }

  chooseTarget(target: string | null): void {
    this.change({ target, task: 'auto' });
  }

  change(part: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...part };
    saveSetting('choice', this.#choice);
  }

  setParam(name: string, value: ParamValue): void {
    this.change({ params: { ...this.params, [name]: value } });
  }

  include(name: string, included: boolean): void {
    const rest = this.#choice.excluded.filter((other) => other !== name);
    this.change({ excluded: included ? rest : [...rest, name] });
  }

  includeAll(included: boolean): void {
    this.change({ excluded: included ? [] : this.candidates });
  }
}

export const planned = new PlanState();
