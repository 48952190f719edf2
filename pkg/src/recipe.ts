/** What was asked for: enough to do it again. */
import { calling } from './error.js';
import { planOf, type Studies, type StudyName } from './plans.js';
import { parts } from './record.js';
import type { Table } from './table.js';
import type { TrainOptions } from './train.js';
import {
  type AdjustOptions,
  completeOptions,
  completeStudy,
  type Folding,
  type TrainOptions as LearnOptions,
} from './wasm/hedgerow.js';

/** What a training or study was asked for: enough to do it again. */
export interface Recipe {
  train: LearnOptions;
  adjust: AdjustOptions | null;
  /** Of a study: which, on what folds, and by what learners are judged. */
  study?: unknown;
  folds?: Folding;
  metric?: string;
  /** The model has a profile of the rows trained on. */
  profile?: boolean;
  /** Content hash of the table. */
  data: string;
}

/**
 * What a training is asked for, with every default: for `startRun` of a workspace, so that the run can be
 * reproduced. Of a study, `study` is the name of its function.
 */
export function recipe(table: Table, options: TrainOptions): Recipe;
export function recipe<Name extends StudyName>(table: Table, options: Studies[Name], study: Name): Recipe;
export function recipe(table: Table, options: TrainOptions | Studies[StudyName], study?: StudyName): Recipe {
  const data = table.sha256;
  const kept = 'profile' in options && options.profile ? { profile: true } : {};
  if (study) {
    const { metric, ...asked } = calling(() => completeStudy(planOf(study, options as never)));
    return { ...asked, adjust: null, ...(metric != null && { metric }), ...kept, data };
  }
  const { learn, adjust } = parts(options as TrainOptions);
  const { options: train } = calling(() => completeOptions(learn));
  return { train, adjust, ...kept, data };
}
