/** How a challenger is trained: as the champion was, on new rows. */
import type { CalibrationMethod, Declaration, ModelInfo, TrainOptions } from 'hedgerow';
import type { PromotionRule } from 'hedgerow/monitor';
import * as format from './format.ts';
import type { Adjustment, Split } from './plan.ts';
import type { RunReading } from './run-reading.ts';

/** Of the new rows, the share that both models are judged by, and the seed that draws them: as `hedgerow retrain`. */
export const HOLD_OUT = { share: 0.3, seed: 42 } as const;

/** Rows that two models are told apart by at least. */
export const LEAST_ROWS = 20;

/** The same share, as it is told. */
export const HELD_OUT = format.percent(HOLD_OUT.share);

/** What the run of a model says that its file does not. */
export interface RunRecipe {
  train?: Partial<TrainOptions>;
  adjust?: Adjustment | null;
  study?: unknown;
  read?: RunReading;
}

/** What a rule can be about. */
export function ruleMetrics({ schema }: ModelInfo): NonNullable<PromotionRule['metric']>[] {
  return schema.task.kind === 'regression'
    ? ['r2', 'rmse', 'mae']
    : ['accuracy', 'balancedAccuracy', 'logLoss', 'rocAuc'];
}

/** Why no challenger can be trained; null where one can. */
export function notTrainable(
  info: ModelInfo,
  declared: Declaration | undefined,
  recipe: RunRecipe | null,
): string | null {
  if (!declared) return 'No learner of this page made this model, so it cannot be trained again.';
  if (declared.tasks.every((task) => task === 'anomaly')) {
    return 'Anomalies are found without a target, so there is nothing to judge a challenger by.';
  }
  const { task } = info.schema;
  const isChosen =
    task.kind === 'classification' && task.classes.length === 2 && info.threshold !== undefined;
  if (isChosen && recipe === null) {
    return 'What the threshold of this model was chosen for is not in its file. Watch it as a registered version.';
  }
  return null;
}

/** What the champion was trained with: learner, parameters, seed, columns, calibration and threshold. */
export function challengerOptions(
  info: ModelInfo,
  declared: Declaration,
  recipe: RunRecipe | null,
): TrainOptions {
  const { schema, provenance } = info;
  const own = {
    target: schema.target.name,
    task: schema.task.kind,
    features: schema.features.map(({ name }) => name),
    learner: learnerOf(declared, provenance.learner.params),
    seed: provenance.seed,
  };
  if (recipe?.train) {
    const { learner = own.learner, ...train } = recipe.train;
    // What a search found stands in its model alone.
    const chosen = recipe.study ? own.learner : learner;
    const { task, features } = own;
    return { ...train, task, features, learner: chosen, ...adjustmentOf(recipe.adjust) } as TrainOptions;
  }
  const calibrate = info.calibration?.kind as CalibrationMethod | undefined;
  return { ...own, ...(calibrate && { calibrate }) } as TrainOptions;
}

function adjustmentOf(adjust: Adjustment | null | undefined): Adjustment {
  const { calibrate, threshold } = adjust ?? {};
  return { ...(calibrate && { calibrate }), ...(threshold && { threshold }) };
}

/** By the names that the package has; models have those of the file. */
function learnerOf({ kind, parameters }: Declaration, params: Record<string, unknown>): object {
  const known = parameters.filter(({ field }) => Object.hasOwn(params, field));
  return { kind, ...Object.fromEntries(known.map(({ name, field }) => [name, params[field]])) };
}

/**
 * How new rows are read: as those of the run were, columns of the kinds that the champion knows. Columns that it does
 * not know need not be dropped, nor be there.
 */
export function readingOf({ schema }: ModelInfo, recipe: RunRecipe | null): Required<RunReading> {
  const { csv = {}, drop = [], dropMissing = false, dropMissingIn = [] } = recipe?.read ?? {};
  const fields = [...schema.features, schema.target];
  const kinds = Object.fromEntries(fields.map(({ name, kind }) => [name, kind]));
  return { csv: { ...csv, kinds }, drop: dropMissing ? drop : [], dropMissing, dropMissingIn };
}

/** The same for a run of the rows that have a target. */
export function labelledReading({ schema }: ModelInfo, reading: Required<RunReading>): Required<RunReading> {
  const { name } = schema.target;
  const { dropMissingIn } = reading;
  return {
    ...reading,
    dropMissingIn: dropMissingIn.includes(name) ? dropMissingIn : [...dropMissingIn, name],
  };
}

/** The new rows in two parts, of classes in equal shares. */
export function holdOut({ schema }: ModelInfo): Split {
  const { share: testSize, seed } = HOLD_OUT;
  return { testSize, seed, ...(schema.task.kind === 'classification' && { stratify: schema.target.name }) };
}
