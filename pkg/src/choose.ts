/** Choosing between learners and parameters. */
import type { Model } from './model.js';
import {
  type ChooseProgress,
  type CompareOptions,
  type CrossValidateOptions,
  type LearningCurveOptions,
  planOf,
  type Studies,
  type StudyName,
  type TuneOptions,
} from './plans.js';
import { keptOfComparison, keptOfCurve, keptOfFolds, keptOfTuning, recordedStudy } from './record-study.js';
import { positive, runStudy } from './study.js';
import type { Table } from './table.js';
import { train } from './train.js';
import type { Comparison, CrossValidation, LearningCurve, StudyProgress, Tuning } from './wasm/hedgerow.js';

/** What was found, and the model. */
export interface Tuned extends Tuning {
  /** The best learner, trained on all rows. */
  model: Model;
}

/**
 * Trains and tests a learner on every fold: how good it is on rows it was not trained on, and how much
 * that varies.
 *
 * @throws {HedgerowError} `too_few_rows`, `class_too_small`, `unknown_metric`, `wrong_metric`; and
 * `nothing_worked` when a fold fails.
 */
export function crossValidate(table: Table, options: CrossValidateOptions): Promise<CrossValidation> {
  const work = () => studied<CrossValidation>('crossValidate', table, options);
  return recordedStudy('crossValidate', table, options, work, keptOfFolds);
}

/** Trains on more and more rows of every fold: whether more data would help. */
export function learningCurve(table: Table, options: LearningCurveOptions): Promise<LearningCurve> {
  const work = () => studied<LearningCurve>('learningCurve', table, options);
  return recordedStudy('learningCurve', table, options, work, keptOfCurve);
}

/**
 * Trains and tests several learners on the same folds. A learner that fails does not stop the others;
 * its line says why.
 */
export function compare(table: Table, options: CompareOptions): Promise<Comparison> {
  const work = () => studied<Comparison>('compare', table, options);
  return recordedStudy('compare', table, options, work, keptOfComparison);
}

/**
 * Searches the parameters of a learner, by random search or successive halving, and trains the best on
 * all rows. The same table, options and seed try the same parameters and give the same model with any
 * number of workers; a trial that fails does not stop the others.
 */
export function tune(table: Table, options: TuneOptions): Promise<Tuned> {
  return recordedStudy('tune', table, options, () => tuned(table, options), keptOfTuning);
}

async function tuned(table: Table, options: TuneOptions): Promise<Tuned> {
  const { seconds, profile, workers, signal, onProgress } = options;
  const time = seconds === undefined ? undefined : positive('seconds', seconds);
  const found = await studied<Tuning>('tune', table, options, time);
  const score = found.trials[found.best]?.score?.mean ?? null;
  const best = { candidate: found.best, share: 1, fold: 0, score, meanScore: score, error: null };
  const model = await train(table, {
    ...planOf('tune', options).train,
    learner: found.learner,
    ...(profile && { profile }),
    workers,
    signal,
    onProgress: ({ phase, done, total }) => {
      if (phase === 'fit') onProgress?.({ phase: 'refit', done, total, ...best });
    },
  });
  return { ...found, model };
}

function studied<Found>(
  name: StudyName,
  table: Table,
  options: Studies[StudyName],
  seconds?: number,
): Promise<Found> {
  const { onProgress } = options;
  const report = (progress: StudyProgress) =>
    onProgress?.({ phase: 'folds', ...progress } satisfies ChooseProgress);
  return runStudy<Found>(table, planOf(name, options), options, report, seconds);
}
