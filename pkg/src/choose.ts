/** Choosing between learners and parameters. */
import type { Model } from './model.js';
import { positive, type RunOptions, runStudy, type StudyPlan } from './study.js';
import type { Table } from './table.js';
import { train } from './train.js';
import type {
  Comparison,
  CrossValidation,
  CurveOptions,
  Folding,
  Learner,
  LearningCurve,
  TrainOptions as LearnOptions,
  TuneOptions as Search,
  StudyProgress,
  Tuning,
} from './wasm/hedgerow.js';

/** What all ways to choose have in common. */
/** What to train, by what is predicted: a target is needed. */
interface Training extends LearnOptions {
  /** The column to predict. */
  target: string;
}

interface Choosing extends RunOptions, Partial<Folding> {
  /**
   * What decides, by the name that reports have for it. Default `accuracy` for classes, `r2` for
   * numbers.
   */
  metric?: string;
  /** Called when a fold has ended, with its score. */
  onProgress?: (progress: ChooseProgress) => void;
}

/** A fold that has ended. */
export interface ChooseProgress extends StudyProgress {
  /** `refit`: the best is trained on all rows; `done` and `total` count its steps, the rest is of the best trial. */
  phase: 'folds' | 'refit';
}

/** What to cross-validate. The seed also deals the rows. */
export interface CrossValidateOptions extends Training, Choosing {}

/** What to draw a learning curve of. */
export interface LearningCurveOptions extends Training, Choosing, CurveOptions {}

/** What to compare. */
export interface CompareOptions extends Omit<Training, 'learner'>, Choosing {
  /** Each is trained and tested on the same folds. */
  learners: Learner[];
}

/** What to tune. The seed also draws the trials. */
export interface TuneOptions extends Training, Choosing, Search {
  /**
   * After so many seconds no other trial begins; those begun are finished. Which trials there are
   * does not depend on it, only how many of them are run. Without `trials`, at most 1,000 are.
   */
  seconds?: number;
}

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
export async function crossValidate(table: Table, options: CrossValidateOptions): Promise<CrossValidation> {
  const { plan, rest } = split(options);
  return runStudy(table, plan(rest, 'crossValidation'), options, folds(options));
}

/** Trains on more and more rows of every fold: whether more data would help. */
export async function learningCurve(table: Table, options: LearningCurveOptions): Promise<LearningCurve> {
  const { plan, rest } = split(options);
  const { sizes, ...learn } = rest;
  return runStudy(table, plan(learn, { learningCurve: { sizes } }), options, folds(options));
}

/**
 * Trains and tests several learners on the same folds. A learner that fails does not stop the others;
 * its line says why.
 */
export async function compare(table: Table, options: CompareOptions): Promise<Comparison> {
  const { plan, rest } = split(options);
  const { learners, ...learn } = rest;
  return runStudy(table, plan(learn, { comparison: learners }), options, folds(options));
}

/**
 * Searches the parameters of a learner, by random search or successive halving, and trains the best on
 * all rows. The same table, options and seed try the same parameters and give the same model with any
 * number of workers; a trial that fails does not stop the others.
 */
export async function tune(table: Table, options: TuneOptions): Promise<Tuned> {
  const { plan, rest } = split(options);
  const { seconds, trials, strategy, space, factor, resource, ...learn } = rest;
  const time = seconds === undefined ? undefined : positive('seconds', seconds);
  const most = trials ?? (time === undefined ? undefined : 1_000);
  const tuning = { trials: most, strategy, space, factor, resource };
  const found = await runStudy<Tuning>(table, plan(learn, { tuning }), options, folds(options), time);
  const best = found.trials[found.best];
  const { workers, signal, onProgress } = options;
  const model = await train(table, {
    ...learn,
    learner: found.learner,
    workers,
    signal,
    onProgress: ({ phase, done, total }) => {
      if (phase !== 'fit') return;
      const { best: candidate } = found;
      const score = best?.score?.mean ?? null;
      onProgress?.({
        phase: 'refit',
        done,
        total,
        candidate,
        share: 1,
        fold: 0,
        score,
        meanScore: score,
        error: null,
      });
    },
  });
  return { ...found, model };
}

function folds({ onProgress }: Choosing): (progress: StudyProgress) => void {
  return (progress) => onProgress?.({ phase: 'folds', ...progress });
}

/** Takes apart what is of the folds and the run; `rest` is the learner's and the study's. */
function split<O extends Choosing>(options: O) {
  const { workers: _, signal: __, onProgress: ___, metric, folds, split, timeColumn, ...rest } = options;
  const plan = (train: object, study: string | object): StudyPlan => ({
    train,
    folds: { folds, split, timeColumn },
    metric,
    study,
  });
  return { plan, rest };
}
