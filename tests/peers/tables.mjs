/** What was measured, as text. */

/** Rows of cells in columns, the first row as heads. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return rows.map((row) => pad(row).trimEnd()).join('\n');
}

/** Whether a figure is within its bound; none that could not be measured is. */
export function isMet({ figure, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }) {
  return figure <= most && figure >= least;
}

/** The last cells of a row with a bound. */
export function bound({ figure, most, least }) {
  const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
  return [spell(figure), limit, isMet({ figure, most, least }) ? 'met' : 'NOT MET'];
}

/** Small differences with all that tells them from 0. */
function spell(figure) {
  if (Number.isNaN(figure)) return 'not measured';
  return Math.abs(figure) < 0.01 && figure !== 0 ? figure.toPrecision(2) : figure.toFixed(3);
}
