/** Measuring a model, in whichever thread. */
import { calling, HedgerowError } from './error.js';
import {
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

/** Measures; `pause` is awaited between steps. */
export async function measure(
  model: Model,
  table: Table,
  plan: Plan,
  progress: (progress: EvaluateProgress) => void,
  pause: () => Promise<void>,
): Promise<Report> {
  progress({ phase: 'measure', done: 0, total: 1 });
  await pause();
  const report = calling(() => model.evaluate(table, plan.report));
  progress({ phase: 'measure', done: 1, total: 1 });
  const steps = begin(model, table, plan.importance);
  if (!steps) return report;
  try {
    const { total } = steps;
    await pause();
    for (let done = 1; calling(() => steps.step()); done++) {
      progress({ phase: 'importance', done, total });
      await pause();
    }
    return { ...report, importance: calling(() => steps.finish()) };
  } finally {
    steps.free();
  }
}

function begin(
  model: Model,
  table: Table,
  options: ImportanceOptions | false | undefined,
): PermutationImportance | undefined {
  if (options === false) return undefined;
  try {
    return calling(() => new PermutationImportance(model, table, options ?? {}));
  } catch (error) {
    // Not asked for, and the default metric is undefined here, as R² of one row is.
    if (options === undefined && error instanceof HedgerowError && error.code === 'bad_option')
      return undefined;
    throw error;
  }
}
