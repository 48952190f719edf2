/** What a picture shows, as a sentence. Each picture's title is one of these. */
import type {
  CalibrationBin,
  ClassificationReport,
  ClassMetrics,
  Coefficient,
  RegressionReport,
} from 'hedgerow';
import * as format from './format.ts';
import { higherIsBetter, scoreText } from './steps.ts';

/** The coefficient that is largest by what is drawn of it, and how many do nothing. */
export function coefficientFinding(terms: Coefficient[], drawn: (term: Coefficient) => number): string {
  const [largest] = [...terms].sort((a, b) => Math.abs(drawn(b)) - Math.abs(drawn(a)));
  const value = largest ? drawn(largest) : 0;
  if (!largest || value === 0) return 'No column has a coefficient other than 0';
  const many = new Set(terms.map((term) => term.class)).size > 1;
  const where = many && largest.class !== null ? ` for ${largest.class}` : '';
  const zeros = terms.filter((term) => term.value === 0).length;
  const none = zeros > 0 ? `; ${format.count(zeros)} of ${format.count(terms.length)} are 0` : '';
  // Only what has one scale can be weighed.
  const what = largest.standardized === null ? 'has the largest coefficient' : 'weighs most';
  return `${largest.feature} ${what}: ${value < 0 ? '−' : '+'}${format.number(Math.abs(value))}${where}${none}`;
}

/** Where a score that was watched in training went. `lines` has the one that counts first. */
export function historyFinding(
  lines: { name: string; label: string; values: number[] }[],
  step: string,
): string {
  const [line] = lines;
  const first = line?.values[0];
  const last = line?.values.at(-1);
  if (!line || first === undefined || last === undefined) return 'Nothing was watched in training';
  const better = higherIsBetter(line.name) ? Math.max : Math.min;
  const best = line.values.reduce((a, b) => better(a, b));
  const at = line.values.indexOf(best) + 1;
  const text = scoreText(line.name, best);
  const total = line.values.length;
  if (line.name.startsWith('validation') && at < total) {
    return `${line.label} is best at ${step} ${format.count(at)} of ${format.count(total)}: ${text}`;
  }
  const way = last === first ? 'stays at' : `goes from ${scoreText(line.name, first)} to`;
  return `${line.label} ${way} ${scoreText(line.name, last)} in ${format.counted(total, step)}`;
}

/** The class that is most often taken for another, and for which. */
export function confusionFinding(report: ClassificationReport): string {
  const { classes, confusion, perClass } = report;
  let worst = { actual: 0, predicted: 0, rows: 0 };
  confusion.forEach((row, actual) => {
    row.forEach((rows, predicted) => {
      if (actual !== predicted && rows > worst.rows) worst = { actual, predicted, rows };
    });
  });
  if (worst.rows === 0) return `All ${format.counted(report.rows, 'row')} are predicted right`;
  const support = perClass[worst.actual]?.support ?? 0;
  return (
    `The commonest mistake: ${classes[worst.actual]} taken for ${classes[worst.predicted]}, ` +
    `${format.count(worst.rows)} of ${format.count(support)}`
  );
}

/** The classes whose curves are drawn: of two the second, of a few all, of many those ranked worst. */
export function curveClasses(report: ClassificationReport, most: number): number[] {
  const drawn = report.curves.map((curve) => report.classes.indexOf(curve.label));
  if (report.classes.length === 2) return drawn.filter((index) => index === 1);
  const area = (index: number) => report.perClass[index]?.rocAuc ?? 1;
  return [...drawn]
    .sort((a, b) => area(a) - area(b))
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** The class of which a number is least; the first of equals. */
function least(classes: ClassMetrics[], of: (one: ClassMetrics) => number | null): ClassMetrics | undefined {
  return [...classes].sort((a, b) => (of(a) ?? 1) - (of(b) ?? 1))[0];
}

export function rocFinding(report: ClassificationReport): string {
  const { classes, perClass } = report;
  if (classes.length === 2) {
    const [, second] = perClass;
    if (second?.rocAuc == null) return 'Only one class occurs, so there is nothing to rank';
    return `${classes[1]} is ranked above the rest ${format.percent(second.rocAuc)} of the time`;
  }
  const known = perClass.filter(({ rocAuc }) => rocAuc !== null);
  const hardest = least(known, ({ rocAuc }) => rocAuc);
  if (!hardest) return 'Only one class occurs, so there is nothing to rank';
  if (hardest.rocAuc === 1) return 'Every class is ranked perfectly above the others';
  return `${hardest.label} is the hardest to tell apart: area ${format.score(hardest.rocAuc)}`;
}

export function precisionFinding(report: ClassificationReport): string {
  const { classes, perClass } = report;
  if (classes.length === 2) {
    const [, second] = perClass;
    return (
      `Of the rows called ${classes[1]}, ${format.percent(second?.precision)} are; ` +
      `of those that are, ${format.percent(second?.recall)} are found`
    );
  }
  const known = perClass.filter(({ recall, support }) => recall !== null && support > 0);
  const missed = least(known, ({ recall }) => recall);
  if (!missed) return 'No class occurs';
  if (missed.recall === 1) return 'No row of any class is missed';
  return `${missed.label} is missed most often: ${format.percent(missed.recall)} of its rows are found`;
}

/** Mean distance between predicted and observed shares, weighted by rows, over the given classes. */
export function calibrationError(bins: CalibrationBin[][]): number {
  const filled = bins.flat().filter(({ count }) => count > 0);
  const rows = filled.reduce((sum, { count }) => sum + count, 0);
  const off = filled.reduce(
    (sum, bin) => sum + bin.count * Math.abs((bin.meanPredicted ?? 0) - (bin.fractionPositive ?? 0)),
    0,
  );
  return rows > 0 ? off / rows : 0;
}

export function calibrationFinding(bins: CalibrationBin[][]): string {
  const error = calibrationError(bins);
  const points = format.number(error * 100);
  if (error < 0.02) return `The probabilities can be taken at their word: off by ${points} points on average`;
  return `The probabilities are off by ${points} points on average`;
}

export function importanceFinding(names: string[], values: number[], what: 'shuffled' | 'splits'): string {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const best = values.indexOf(Math.max(...values));
  if (total <= 0 || best < 0) return 'No column matters to this model';
  if (what === 'shuffled')
    return `${names[best]} matters most: shuffling it costs ${format.number(values[best])}`;
  return `${names[best]} does ${format.percent((values[best] ?? 0) / total)} of the work of the splits`;
}

export function scatterFinding(report: RegressionReport): string {
  const half = format.number(report.metrics.medianAbsoluteError);
  return `Half of the predictions are within ${half} of the actual ${report.target}`;
}

export function residualFinding(report: RegressionReport): string {
  const at = (share: number) => report.residuals.quantiles.find((q) => q.share === share)?.value;
  const [low, high] = [at(0.05), at(0.95)];
  return `Nine of ten errors lie between ${format.number(low)} and ${format.number(high)}`;
}
