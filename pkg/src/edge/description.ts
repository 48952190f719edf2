/** What a scorer says of itself. */

/** What the values of a feature are. */
export type FeatureKind = 'number' | 'boolean' | 'category' | 'date' | 'text';

/** A column that the model reads. */
export interface Feature {
  name: string;
  kind: FeatureKind;
  /** The values seen in training, of a category. */
  categories?: readonly string[];
  /** The smallest value seen in training, of numbers, booleans and dates. */
  min?: number;
  /** The largest value seen in training, of numbers, booleans and dates. */
  max?: number;
  /** The median, or the index of the most frequent category. */
  typical?: number;
}

/** A model as its scorer describes it. */
export interface Description {
  /** What it is called in paths, answers and metrics. */
  name: string;
  /** SHA-256 of the model file, in hexadecimal. */
  version: string;
  /** The version of Hedgerow that exported it. */
  library: string;
  /** How it was trained: `random-forest`, … */
  learner: string;
  task: 'classification' | 'regression' | 'anomaly';
  /** The column that it predicts, where it learned from one. */
  target?: string;
  /** The classes, in the order of their probabilities; none of a regression. */
  classes: readonly string[];
  /** The probability from which the second of two classes is predicted; without, the more probable class is. */
  threshold?: number;
  /** Numbers a row: one a class, or one. */
  outputs: number;
  /** The columns that it reads, in the scorer's order. */
  features: readonly Feature[];
}

/** Whether a feature's values are held as numbers. */
export function isNumeric(kind: FeatureKind): kind is 'number' | 'boolean' | 'date' {
  return kind === 'number' || kind === 'boolean' || kind === 'date';
}
