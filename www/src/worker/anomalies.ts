/** The call that looks for anomalies in the loaded table. */
import { type Anomalies, countByScore, topPlaces } from '../lib/anomalies.ts';
import { theModel, theTable } from './session.ts';
import { cell } from './tables.ts';

export function anomalies(): Anomalies {
  const [model, table] = [theModel(), theTable()];
  const { schema, threshold = 0.5 } = model.info;
  const predicted = model.predict(table, { proba: true });
  const name = schema.task.kind === 'classification' ? (schema.task.classes[1] ?? '') : '';
  const scores = predicted.map(({ probabilities }) => probabilities[name] ?? 0);
  const columns = schema.features.map((field) => field.name);
  const cells = (row: number) => {
    const part = table.slice(row, row + 1);
    try {
      return columns.map((column) => cell(part.values(column)[0]));
    } finally {
      part.free();
    }
  };
  const shown = (row: number) => ({ row, score: scores[row] ?? 0, cells: cells(row) });
  return {
    rows: table.numRows,
    found: predicted.filter(({ label }) => label === name).length,
    threshold,
    counts: countByScore(scores),
    columns,
    top: topPlaces(scores).map(shown),
  };
}
