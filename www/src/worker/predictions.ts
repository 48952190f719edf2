/** Predictions of a table as CSV: as the command line prints them. */
import type { Model, Table } from 'hedgerow';

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function line(cells: (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

/** The column of predictions, and for a classifier one with the probability of each class. */
export function predictions(model: Model, table: Table): Blob {
  const { target, task } = model.info.schema;
  const lines =
    task.kind === 'regression'
      ? [line([target.name]), ...model.predict(table).map((value) => line([value]))]
      : [
          line([target.name, ...task.classes.map((name) => `probability.${name}`)]),
          ...model
            .predict(table, { proba: true })
            .map(({ label, probabilities }) =>
              line([label, ...task.classes.map((name) => probabilities[name] ?? 0)]),
            ),
        ];
  return new Blob(lines, { type: 'text/csv' });
}
