import type { ColumnSummary, Declaration } from 'hedgerow';
import { type AdjustChoice, adjustmentOf, adjustProblem } from '../lib/adjusting.ts';
import { type Choice, defaultChoice, learnable } from '../lib/choice.ts';
import { chosenValue, isByClass, paramProblem } from '../lib/parameters.ts';
import type { Adjustment, LearnerPlan, Params, ParamValue, Plan } from '../lib/plan.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import type { StudyChoice } from '../lib/studies.ts';
import { likelyTask, type TaskKind, twoClasses } from '../lib/target.ts';
import { data } from './data.svelte.ts';
import { learners } from './learners.svelte.ts';

/** As it was left; what a newer version has beside is as usual. */
function keptChoice(): Choice {
  const usual = defaultChoice();
  const kept = loadSetting<Partial<Choice>>('choice');
  return {
    ...usual,
    ...kept,
    study: { ...usual.study, ...kept?.study },
    adjust: { ...usual.adjust, ...kept?.adjust },
  };
}

/** What the Train view has chosen. Follows the table: a column that is gone is not chosen any more. */
class PlanState {
  #choice = $state.raw<Choice>(keptChoice());

  /** The target, if the table still has it. */
  get target(): string | null {
    const { target } = this.#choice;
    return data.table?.columns.some((column) => column.name === target) ? target : null;
  }

  /** Whether it was chosen to look for anomalies without a target. */
  get targetless(): boolean {
    return this.#choice.task === 'anomaly' && this.target === null;
  }

  get #summary(): ColumnSummary | undefined {
    return data.summary?.find(({ name }) => name === this.target);
  }

  /** What the target's values suggest. */
  get likelyTask(): TaskKind {
    return this.#summary ? likelyTask(this.#summary) : 'classification';
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

  /** The learner, as declared; unknown until the declarations are there. */
  get learner(): Declaration | undefined {
    return learners.chosen(this.#choice.learner, this.task);
  }

  /** What was chosen for the learner. */
  get params(): Params {
    return this.paramsOf(this.learner?.kind ?? '');
  }

  paramsOf(kind: string): Params {
    return this.#choice.parameters[kind] ?? {};
  }

  get study(): StudyChoice {
    return this.#choice.study;
  }

  changeStudy(part: Partial<StudyChoice>): void {
    this.change({ study: { ...this.study, ...part } });
  }

  get adjust(): AdjustChoice {
    return this.#choice.adjust;
  }

  changeAdjust(part: Partial<AdjustChoice>): void {
    this.change({ adjust: { ...this.adjust, ...part } });
  }

  /** How many classes the target has; unknown until its values were counted. */
  get classes(): number | undefined {
    return this.#summary?.unique;
  }

  /** The two classes that a threshold decides between; the second is the positive one. */
  get twoClasses(): [string, string] | null {
    return this.#summary ? twoClasses(this.#summary) : null;
  }

  get adjustment(): Adjustment | null {
    return adjustmentOf(this.adjust, this.task, this.classes);
  }

  get testShare(): number {
    return this.#choice.testShare;
  }

  get seed(): number {
    return this.#choice.seed;
  }

  get stratify(): boolean {
    return this.#choice.stratify && this.task !== 'regression' && !this.targetless;
  }

  /** A learner as chosen. Weights of classes count where there are classes. */
  learnerPlan({ kind, parameters }: Declaration): LearnerPlan {
    const params = { ...this.paramsOf(kind) };
    if (this.task === 'regression') {
      for (const parameter of parameters.filter(isByClass)) delete params[parameter.name];
    }
    return { kind, params };
  }

  /** The plan as it stands, or null while it is open what to find, or no learner is there. Nothing is
   * adjusted: what compares learners takes them as they are. */
  get plan(): Plan | null {
    const { target, features, seed, stratify, learner } = this;
    const { task } = this.#choice;
    if ((target === null && !this.targetless) || !learner) return null;
    // Without a target there is nothing to test by.
    const testShare = this.targetless ? 0 : this.testShare;
    return { target, task, features, learner: this.learnerPlan(learner), testShare, seed, stratify };
  }

  /** The plan of a single training, which is adjusted too, and profiled. */
  get adjustedPlan(): Plan | null {
    const { plan, adjustment } = this;
    return plan && { ...plan, ...(adjustment && { adjustment }), ...this.kept };
  }

  /** What of the training rows a model keeps. */
  get kept(): { profile?: boolean } {
    return this.profile ? { profile: true } : {};
  }

  get profile(): boolean {
    return this.#choice.profile;
  }

  /** Whether there is something to learn, and from something. */
  get ready(): boolean {
    return this.plan !== null && this.features.length > 0;
  }

  /** What is wrong with the parameters, if anything is. */
  get problem(): string | null {
    const problems = this.learner?.parameters.map((one) => paramProblem(one, chosenValue(one, this.params)));
    return problems?.find((problem) => problem !== null) ?? null;
  }

  /** What is wrong with what is to be adjusted, if anything is. */
  get adjustProblem(): string | null {
    return this.adjustment?.threshold ? adjustProblem(this.adjust) : null;
  }

  chooseTarget(target: string | null): void {
    this.change({ target, task: 'auto' });
  }

  /** Chooses to look for anomalies, without a target. */
  chooseAnomalies(): void {
    this.change({ target: null, task: 'anomaly' });
  }

  change(part: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...part };
    saveSetting('choice', this.#choice);
  }

  chooseLearner(kind: string): void {
    this.change({ learner: kind });
  }

  setParam(name: string, value: ParamValue): void {
    this.setParams({ ...this.params, [name]: value });
  }

  /** Chooses all parameters of the learner anew. */
  setParams(params: Params, kind = this.learner?.kind ?? ''): void {
    this.change({ parameters: { ...this.#choice.parameters, [kind]: params } });
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
