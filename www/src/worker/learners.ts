/** Calls about learners. */
import type { Declaration, Learner } from 'hedgerow';
import type { LearnerPlan } from '../lib/plan.ts';
import { library } from './library.ts';

export async function learners(): Promise<Declaration[]> {
  return (await library()).learners();
}

/** As the package takes it, which checks what came from a form. */
export function asLearner({ kind, params }: LearnerPlan): Learner {
  return { kind, ...params } as unknown as Learner;
}
