/** What a model says of one row. */
import type { Model } from 'hedgerow';
import type { Cell, ModelInfo, PredictedRow } from './protocol.ts';

export interface RowAnswer {
  /** The probability of every class, or one value. */
  values: readonly number[];
  /** The predicted class, as an index; 0 of a regression. */
  code: number;
}

/** The model's own answer. */
export function answerOf(model: Model, row: Record<string, Cell>): RowAnswer {
  const predicted = model.predictColumns([asRow(model.info, row)]);
  if (predicted.kind === 'regression') return { values: [...predicted.values], code: 0 };
  return {
    values: predicted.probabilities.flatMap((share) => [...share]),
    code: predicted.codes[0] ?? 0,
  };
}

/** A row as the package takes it: what is missing is left out, dates are dates. */
function asRow({ schema }: ModelInfo, row: Record<string, Cell>): Record<string, unknown> {
  const dates = new Set(schema.features.filter(({ kind }) => kind === 'date').map(({ name }) => name));
  const entries = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, dates.has(name) ? new Date(Number(value)) : value]),
  );
}

/** An answer with the names of the classes. */
export function predictedRow({ schema }: ModelInfo, { values, code }: RowAnswer): PredictedRow {
  const { task } = schema;
  if (task.kind === 'regression') return { task: 'regression', value: values[0] ?? Number.NaN };
  const shares = task.classes.map((label, index) => ({ label, share: values[index] ?? 0 }));
  return { task: 'classification', label: task.classes[code] ?? '', shares };
}
