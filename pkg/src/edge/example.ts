/** A row that a model would take, of what is typical. */
import type { Description, Feature } from './description.js';

/** The largest instant that JavaScript has as a date. */
const LAST_DATE = 8.64e15;

/** By the features' names. */
export type Example = Readonly<Record<string, number | boolean | string>>;

/** A row of typical values. */
export function exampleOf({ features }: Description): Example {
  return Object.fromEntries(features.map((feature) => [feature.name, typicalOf(feature)]));
}

function typicalOf({ kind, typical = 0, categories = [] }: Feature): number | boolean | string {
  switch (kind) {
    case 'number':
      return typical;
    case 'boolean':
      return typical >= 0.5;
    case 'date':
      return new Date(Math.abs(typical) <= LAST_DATE ? typical : 0).toISOString();
    default:
      return categories[typical] ?? categories[0] ?? 'text';
  }
}

/** A row as CSV. */
export function csvOf(row: Example): string {
  const line = (cells: unknown[]) => cells.map((cell) => quoted(String(cell))).join(',');
  return `${line(Object.keys(row))}\n${line(Object.values(row))}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
