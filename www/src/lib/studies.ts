/** Comparing and tuning: what is chosen, and what is told on the way. */

/** How learners are compared and tuned, as it is kept. */
export interface StudyChoice {
  /** Kinds that are left out of a comparison, so that a new learner takes part. */
  excluded: string[];
  folds: number;
  /** Null is the task's usual one. */
  metric: string | null;
  trials: number;
  /** Seconds at most; null is as long as it takes. */
  seconds: number | null;
  strategy: 'random' | 'halving';
}

export function defaultStudy(): StudyChoice {
  return { excluded: [], folds: 5, metric: null, trials: 30, seconds: null, strategy: 'random' };
}

/** Folds one may choose. */
export const FOLDS = { min: 2, max: 20 };
/** Trials one may choose. */
export const TRIALS = { min: 2, max: 1000 };

/** One training of a study that has ended. */
export interface StudyStep {
  /** The learner or trial, in the order given or drawn. */
  candidate: number;
  fold: number;
  /** Share of the rows that it was trained on. */
  share: number;
  score: number | null;
  /** Of the candidate, once all its folds have ended. */
  meanScore: number | null;
}
