/** Measuring a model, in whichever thread. */
import { calling, HedgerowError } from './error.js';
import { inPieces, type Pause } from './pause.js';
import {
  Evaluating,
  type Importance,
  type ImportanceOptions,
  type Model,
  PermutationImportance,
  type Report,
  type EvaluateOptions as ReportOptions,
  type Table,
} from './wasm/hedgerow.js';

/** How far an evaluation is. */
export interface EvaluateProgress {
  /** `measure`: the report; `importance`: columns are shuffled, one step a column and repeat. */
  phase: 'measure' | 'importance';
  done: number;
  total: number;
}

/** What to measure. */
export interface Plan {
  report: ReportOptions;
  /** `undefined` is: with the defaults, if it is defined on the rows. */
  importance: ImportanceOptions | false | undefined;
}

/** Measures; `pause` is awaited between pieces. */
export async function measure(
  model: Model,
  table: Table,
  plan: Plan,
  progress: (progress: EvaluateProgress) => void,
  pause: Pause,
): Promise<Report> {
  progress({ phase: 'measure', done: 0, total: 1 });
  const evaluating = calling(() => new Evaluating(model, table, plan.report));
  let report: Report;
  try {
    await inPieces((rows) => calling(() => evaluating.advance(rows)), pause);
    report = calling(() => evaluating.finish());
  } finally {
    evaluating.free();
  }
  progress({ phase: 'measure', done: 1, total: 1 });
  await pause?.();
  const importance = await importanceOf(model, table, plan.importance, progress, pause);
  return importance ? { ...report, importance } : report;
}

async function importanceOf(
  model: Model,
  table: Table,
  options: ImportanceOptions | false | undefined,
  progress: (progress: EvaluateProgress) => void,
  pause: Pause,
): Promise<Importance | undefined> {
  if (options === false) return undefined;
  const steps = calling(() => new PermutationImportance(model, table, options ?? {}));
  try {
    let told = 0;
    await inPieces((rows) => {
      const predicted = calling(() => steps.advance(rows));
      const { done, total } = steps;
      if (done > told) progress({ phase: 'importance', done, total });
      told = done;
      return predicted;
    }, pause);
    return calling(() => steps.finish());
  } catch (error) {
    // Not asked for, and the default metric is undefined here, as R² of one row is.
    if (options === undefined && error instanceof HedgerowError && error.code === 'bad_option')
      return undefined;
    throw error;
  } finally {
    steps.free();
  }
}
