/** How far a training is, over all of its phases. */
import type { Progress } from '../worker/protocol.ts';
import { ADJUST_FOLDS } from './adjusting.ts';
import { stepWords } from './steps.ts';

/** Work done, and all that there is, in units that are worth about the same. */
export function workDone(
  { phase, done, total }: Progress,
  adjusted: boolean,
): { done: number; total: number } {
  const trainings = adjusted ? 1 + ADJUST_FOLDS : 1;
  switch (phase) {
    case 'read':
    case 'prepare':
      return { done: 0, total: 1 };
    case 'fit':
      return { done, total: Math.max(1, total) * trainings };
    case 'finish':
      return { done: 1, total: trainings };
    case 'adjust':
      return { done: 1 + done, total: 1 + total };
    default:
      return { done: 1, total: 1 };
  }
}

/** What a training on its way to be judged is at. */
export function phaseTitle(progress: Progress | null, learner: string): string {
  switch (progress?.phase) {
    case 'fit':
    case 'finish':
      return stepWords(learner).doing;
    case 'adjust':
      return 'Adjusting the probabilities';
    case 'profile':
      return 'Counting the rows';
    case 'evaluate':
      return 'Judging both';
    default:
      return 'Reading the new rows';
  }
}
