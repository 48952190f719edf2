/** The call that looks for anomalies in the loaded table. */
import { type Anomalies, countByScore, topPlaces } from '../lib/anomalies.ts';
import { Refusal, theModel, theTable } from './session.ts';
import { rows } from './tables.ts';

export function anomalies(): Anomalies {
  const [model, table] = [theModel(), theTable()];
  const { schema, threshold = 0.5 } = model.info;
  const predicted = model.predictColumns(table);
  if (predicted.kind === 'regression') throw new Refusal('no_anomalies', 'This model predicts numbers.');
  const { codes, probabilities } = predicted;
  const [, scores = new Float64Array()] = probabilities;
  const columns = schema.features.map((field) => field.name);
  const cells = (row: number) => rows({ start: row, end: row + 1, columns }).flat();
  return {
    rows: table.numRows,
    found: codes.filter((code) => code === 1).length,
    threshold,
    counts: countByScore(scores),
    top: topPlaces(scores).map((row) => ({ row, score: scores[row] ?? 0, cells: cells(row) })),
  };
}
