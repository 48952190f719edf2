import type { CalibrationMethod, ThresholdChoice } from 'hedgerow';

/** What to train: everything that the Train view lets one choose, as plain data. */
export interface Plan {
  /** Null where anomalies are looked for. */
  target: string | null;
  /** Automatic is by the target's values. */
  task: 'auto' | 'classification' | 'regression' | 'anomaly';
  /** Columns to learn from, in the order of the table. */
  features: string[];
  learner: LearnerPlan;
  testShare: number;
  seed: number;
  stratify: boolean;
  /** What of the trained classifier is adjusted, if anything is. */
  adjustment?: Adjustment;
  /** The model keeps a profile of the rows trained on, to compare new ones with. */
  profile?: boolean;
}

/** As the package takes it. */
export interface Adjustment {
  calibrate?: CalibrationMethod;
  threshold?: ThresholdChoice;
}

/** How the test rows are taken out of the table, as the package takes it. */
export interface Split {
  testSize: number;
  seed: number;
  stratify?: string;
}

/** Null where the plan trains on all rows. */
export function splitOf({ testShare, seed, stratify, target }: Plan): Split | null {
  if (testShare === 0) return null;
  return { testSize: testShare, seed, ...(stratify && target !== null && { stratify: target }) };
}

/** A learner by its kind, with the parameters that were chosen. */
export interface LearnerPlan {
  kind: string;
  params: Params;
}

/** Parameters by their JavaScript name; one left out has its default. */
export type Params = Record<string, ParamValue>;

export type ParamValue = number | string | boolean | null | number[] | { [name: string]: number };
