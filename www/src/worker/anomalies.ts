/** The call that looks for anomalies in the loaded table. */
import { type Anomalies, countByScore, topPlaces } from '../lib/anomalies.ts';
import { theModel, theTable } from './session.ts';
import { rows } from './tables.ts';

export function anomalies(): Anomalies {
  const [model, table] = [theModel(), theTable()];
  const { schema, threshold = 0.5 } = model.info;
  const predicted = model.predict(table, { proba: true });
  const name = schema.task.kind === 'classification' ? (schema.task.classes[1] ?? '') : '';
  const scores = predicted.map(({ probabilities }) => probabilities[name] ?? 0);
  const columns = schema.features.map((field) => field.name);
  const cells = (row: number) => rows({ start: row, end: row + 1, columns }).flat();
  return {
    rows: table.numRows,
    found: predicted.filter(({ label }) => label === name).length,
    threshold,
    counts: countByScore(scores),
    top: topPlaces(scores).map((row) => ({ row, score: scores[row] ?? 0, cells: cells(row) })),
  };
}
