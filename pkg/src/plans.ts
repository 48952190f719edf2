/** What studies are asked for, and the plan that the engine reads. */
import type { RecordOptions } from './record.js';
import type { RunOptions, StudyPlan } from './study.js';
import type {
  CurveOptions,
  Folding,
  Learner,
  TrainOptions as LearnOptions,
  TuneOptions as Search,
  StudyProgress,
} from './wasm/hedgerow.js';

/** What to train, by what is predicted: a target is needed. */
interface Training extends LearnOptions {
  /** The column to predict. */
  target: string;
}

/** What all ways to choose have in common. */
interface Choosing extends RunOptions, RecordOptions, Partial<Folding> {
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
  /** Keep a profile of the rows in the model, as `train` does. Default `false`. */
  profile?: boolean | undefined;
}

/** The studies, by their functions. */
export interface Studies {
  crossValidate: CrossValidateOptions;
  learningCurve: LearningCurveOptions;
  compare: CompareOptions;
  tune: TuneOptions;
}

export type StudyName = keyof Studies;

/** Options of a study without what is of the folds, the record and how it is run. */
type Own<Name extends StudyName> = Omit<Studies[Name], keyof Choosing>;

type Planned = Pick<StudyPlan, 'study'> & { train: LearnOptions };

/** Trials at most where only the time is limited. */
const TRIALS_WITHIN_TIME = 1_000;

const PLANS: { [Name in StudyName]: (own: Own<Name>) => Planned } = {
  crossValidate: (train) => ({ train, study: 'crossValidation' }),
  learningCurve: ({ sizes, ...train }) => ({ train, study: { learningCurve: { sizes } } }),
  compare: ({ learners, ...train }) => ({ train, study: { comparison: learners } }),
  tune: ({ seconds, profile: _, trials, strategy, space, factor, resource, ...train }) => {
    const most = trials ?? (seconds === undefined ? undefined : TRIALS_WITHIN_TIME);
    return { train, study: { tuning: { trials: most, strategy, space, factor, resource } } };
  },
};

/** What the engine is asked to do. */
export function planOf<Name extends StudyName>(name: Name, options: Studies[Name]): StudyPlan & Planned {
  const { workers, signal, onProgress, run, dataset, onRecordError, ...study } = options;
  const { metric, folds, split, timeColumn, ...own } = study;
  const planned = PLANS[name](own as unknown as Own<Name>);
  return { ...planned, folds: { folds, split, timeColumn }, metric };
}
