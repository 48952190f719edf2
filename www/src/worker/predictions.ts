/** Predictions of a table as CSV: as the command line prints them. */
import type { Model, Table } from 'hedgerow';

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(cells: (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csv(heads: string[], rows: number, cells: (row: number) => (string | number)[]): Blob {
  const lines = Array.from({ length: rows }, (_, row) => line(cells(row)));
  return new Blob([line(heads), ...lines], { type: 'text/csv' });
}

/** The column of predictions, and for a classifier one with the probability of each class. */
export function predictions(model: Model, table: Table): Blob {
  const { target } = model.info.schema;
  const predicted = model.predictColumns(table);
  if (predicted.kind === 'regression') {
    return csv([target.name], predicted.values.length, (row) => [predicted.values[row] ?? 0]);
  }
  const { classes, codes, probabilities } = predicted;
  const heads = [target.name, ...classes.map((name) => `probability.${name}`)];
  return csv(heads, codes.length, (row) => [
    classes[codes[row] ?? 0] ?? '',
    ...probabilities.map((of) => of[row] ?? 0),
  ]);
}
