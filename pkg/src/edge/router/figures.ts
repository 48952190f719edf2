/** What is counted of each variant. */

export const FIGURES = [
  /** Requests of units that are assigned to it. */
  'assigned',
  /** Answers that were its own. */
  'answered',
  /** Requests that it did not answer in time, or with a status of 500 and above. */
  'failed',
  /** Copies that it answered as a shadow, */
  'copied',
  /** that it did not, */
  'copiesFailed',
  /** and that it was not sent, as there were too many at a time. */
  'copiesSkipped',
  /** Rows of copies, whose answers were compared with the control's. */
  'rowsCompared',
  /** Those of them that were the same, */
  'rowsAgreeing',
  /** and how far they are apart, in sum. */
  'absoluteDifference',
] as const;

export type Figure = (typeof FIGURES)[number];

/** By a variant's name. */
export type Figures = Record<string, Partial<Record<Figure, number>>>;

/** Adds to a figure of a variant. */
export function count(figures: Figures, variant: string, figure: Figure, more = 1): void {
  const own = (Object.hasOwn(figures, variant) && figures[variant]) || {};
  figures[variant] = own;
  own[figure] = (own[figure] ?? 0) + more;
}

/** Adds all of some figures to others. */
export function addAll(figures: Figures, more: Figures): void {
  for (const [variant, own] of Object.entries(more)) {
    for (const figure of FIGURES) count(figures, variant, figure, own[figure] ?? 0);
  }
}
