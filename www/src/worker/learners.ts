/** Calls about learners. */
import type { Declaration, Learner } from 'hedgerow';
import type { LearnerPlan, Plan } from '../lib/plan.ts';
import { library } from './library.ts';

export async function learners(): Promise<Declaration[]> {
  return (await library()).learners();
}

/** What to learn, as the package takes it. */
export function trainOptions(plan: Plan) {
  const { target, task, features, seed } = plan;
  const learn = { task, features, learner: asLearner(plan.learner), seed };
  return target === null ? learn : { target, ...learn };
}

/** As the package takes it, which checks what came from a form. */
export function asLearner({ kind, params }: LearnerPlan): Learner {
  return { kind, ...params } as unknown as Learner;
}
