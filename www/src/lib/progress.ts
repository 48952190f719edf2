/** How far a training is, over all of its phases. */
import type { Progress } from '../worker/protocol.ts';

/** Folds that are trained to adjust a model, after the model itself. */
const FOLDS = 5;

/** Work done, and all that there is, in units that are worth about the same. */
export function workDone(
  { phase, done, total }: Progress,
  adjusted: boolean,
): { done: number; total: number } {
  const trainings = adjusted ? 1 + FOLDS : 1;
  const share = total > 0 ? done / total : 0;
  switch (phase) {
    case 'read':
    case 'prepare':
      return { done: 0, total: 1 };
    case 'fit':
      return { done, total: Math.max(1, total) * trainings };
    case 'finish':
      return { done: 1, total: trainings };
    case 'adjust':
      return { done: 1 + FOLDS * share, total: trainings };
    default:
      return { done: 1, total: 1 };
  }
}
