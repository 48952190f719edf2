import type { Kind } from '../worker/protocol.ts';
import { type AdjustChoice, defaultAdjust } from './adjusting.ts';
import type { Params } from './plan.ts';
import { defaultStudy, type StudyChoice } from './studies.ts';

/** What was chosen in the Train view, as it is kept. Features are kept as what is left out, so that a new
 * column is learned from. */
export interface Choice {
  target: string | null;
  /** Automatic is by the target's values. */
  task: 'auto' | 'classification' | 'regression' | 'anomaly';
  excluded: string[];
  /** The learner's kind; null is the one to try first. */
  learner: string | null;
  /** By kind, so that each learner keeps its own. */
  parameters: Record<string, Params>;
  testShare: number;
  seed: number;
  stratify: boolean;
  adjust: AdjustChoice;
  /** Whether the model keeps a profile of the rows trained on. */
  profile: boolean;
  study: StudyChoice;
}

export function defaultChoice(): Choice {
  return {
    target: null,
    task: 'auto',
    excluded: [],
    learner: null,
    parameters: {},
    testShare: 0.2,
    seed: 42,
    stratify: true,
    adjust: defaultAdjust(),
    profile: true,
    study: defaultStudy(),
  };
}

/** Columns that a learner can use: all but the target and free text. */
export function learnable(columns: { name: string; kind: Kind }[], target: string | null): string[] {
  return columns.filter(({ name, kind }) => name !== target && kind !== 'text').map(({ name }) => name);
}

const LIKELY = /^(target|label|class|species|outcome|status|y|churn(ed)?|survived|price)$/i;

/** The column that one most likely wants to predict: one named like a target, else the last that can be. */
export function likelyTarget(columns: { name: string; kind: Kind }[]): string | null {
  const possible = columns.filter(({ kind }) => kind !== 'text' && kind !== 'date');
  return (possible.find(({ name }) => LIKELY.test(name)) ?? possible.at(-1))?.name ?? null;
}
