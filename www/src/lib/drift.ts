/** What a drift report says, in the order and the words of the Monitor view. */
import type {
  Alarm,
  ColumnDrift,
  FindingCode,
  MonitorReport,
  Picture,
  Rule,
  Side,
  Test,
} from 'hedgerow/monitor';
import * as format from './format.ts';

/** Tests by their names, as statistics has them. */
const TESTS: Record<Test, string> = {
  kolmogorov_smirnov: 'Kolmogorov–Smirnov, p-value',
  chi_square: 'Chi-square, p-value',
  z_test: 'Z-test, p-value',
  wasserstein: 'Wasserstein distance',
  jensen_shannon: 'Jensen–Shannon distance',
  psi: 'Stability index (PSI)',
};

const ROLES: Record<string, string> = {
  feature: 'Feature',
  prediction: 'Prediction',
  probability: 'Probability',
  target: 'Target',
};

export type Status = 'drift' | 'ok' | 'none';

export const STATUS_TEXTS: Record<Status, string> = {
  drift: 'Drift',
  ok: 'No drift',
  none: 'No values',
};

/** Where there is little room. */
const SHORT_TESTS: Record<Test, string> = {
  kolmogorov_smirnov: 'Kolm.–Smirnov',
  chi_square: 'Chi-square',
  z_test: 'Z-test',
  wasserstein: 'Wasserstein',
  jensen_shannon: 'Jensen–Shannon',
  psi: 'PSI',
};

export function shortTestText(test: Test | undefined): string {
  return test === undefined ? '–' : SHORT_TESTS[test];
}

export function testText(test: Test | undefined): string {
  return test === undefined ? '' : TESTS[test];
}

export function roleText(role: string): string {
  return ROLES[role] ?? role;
}

export function isPValue(test: Test): boolean {
  return ['kolmogorov_smirnov', 'chi_square', 'z_test'].includes(test);
}

export function statusOf({ drifted }: ColumnDrift): Status {
  if (drifted === undefined) return 'none';
  return drifted ? 'drift' : 'ok';
}

/** A column's name and what it is: a prediction and a target may have one name. */
export function keyOf({ name, role }: ColumnDrift): string {
  return `${role} ${name}`;
}

/** How a column is called where it stands alone. */
export function titleOf({ name, role }: ColumnDrift): string {
  if (role === 'prediction') return `Predicted ${name}`;
  if (role === 'probability') return `Probability of ${name}`;
  return role === 'target' ? `True ${name}` : name;
}

/** The threshold with the side on which drift is. */
export function thresholdText({ test, threshold }: ColumnDrift): string {
  if (test === undefined || threshold === undefined) return '';
  return `${isPValue(test) ? '<' : '≥'}\u00a0${format.number(threshold)}`;
}

/** Of a p-value that is told as zero. */
const LEAST = 1e-300;

/** How far a score is on its way to the threshold, and beyond: 1 is at it. Comparable between tests. */
export function severity({ test, score, threshold }: ColumnDrift): number {
  if (test === undefined || score === undefined || threshold === undefined) return -1;
  if (!isPValue(test)) return score / threshold;
  return Math.log(Math.max(score, LEAST)) / Math.log(threshold);
}

export function missingShare({ rows, missing }: Side): number | null {
  return rows > 0 ? missing / rows : null;
}

/** What drifted, then what is gone, then all else. Rows often come without their target. */
function rank(column: ColumnDrift): number {
  const status = statusOf(column);
  if (status === 'drift') return 2;
  return status === 'none' && column.role !== 'target' ? 1 : 0;
}

export type DriftOrder = 'worst' | 'name' | 'role' | 'missing';

/** Columns in an order; of equals the worst first. */
export function ordered(columns: readonly ColumnDrift[], order: DriftOrder): ColumnDrift[] {
  const worst = (a: ColumnDrift, b: ColumnDrift) => rank(b) - rank(a) || severity(b) - severity(a);
  const roles = Object.keys(ROLES);
  const orders: Record<DriftOrder, (a: ColumnDrift, b: ColumnDrift) => number> = {
    worst,
    name: (a, b) => a.name.localeCompare(b.name, 'en') || worst(a, b),
    role: (a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || worst(a, b),
    missing: (a, b) =>
      (missingShare(b.picture.current) ?? 0) - (missingShare(a.picture.current) ?? 0) || worst(a, b),
  };
  return [...columns].sort(orders[order]);
}

/** What the whole report comes to, in a sentence. */
export function headline({ drifted, tested, dataDrift }: MonitorReport): string {
  if (tested === 0) return 'No feature could be compared';
  if (drifted === 0) return `None of ${format.counted(tested, 'feature')} has drifted`;
  const share = `${format.count(drifted)} of ${format.counted(tested, 'feature')} drifted`;
  return dataDrift ? `${share}: the data has drifted` : share;
}

/** Drift of what the model answers: of predictions, or where there are none nothing. */
export function predictionText(report: MonitorReport): string {
  const prediction = report.columns.find(({ role }) => role === 'prediction');
  if (!prediction || prediction.drifted === undefined) return 'No predictions';
  return prediction.drifted ? 'Drift' : 'As before';
}

/**
 * What a column is compared with: answers with those to rows kept out of training, where there are enough of them, and
 * all else with the training rows.
 */
export function besideOf({ role }: ColumnDrift): 'Before' | 'Training' {
  return role === 'prediction' || role === 'probability' ? 'Before' : 'Training';
}

function asThen(column: ColumnDrift): string {
  return besideOf(column) === 'Before' ? 'before' : 'in training';
}

/** What a column's picture shows, as a sentence. */
export function columnFinding(column: ColumnDrift): string {
  const { reference, current, words, edges } = column.picture;
  const title = titleOf(column);
  if (column.drifted === undefined) return `${title} has no values to compare`;
  const before = asThen(column);
  const how = column.drifted ? 'drifted' : `is spread as ${before}`;
  if (edges && reference.mean !== undefined && current.mean !== undefined) {
    const [then, now] = [format.number(reference.mean), format.number(current.mean)];
    return `${title} ${how}: ${then === now ? `mean ${now}, as before` : `mean ${now}, ${before} ${then}`}`;
  }
  if (words) {
    const [place] = [...words.keys()].sort((a, b) => change(column, b) - change(column, a));
    if (place !== undefined && change(column, place) > 0.0005) {
      const [now, then] = [current.shares[place], reference.shares[place]];
      return `${title} ${how}: ${words[place]} is ${format.percent(now)}, ${before} ${format.percent(then)}`;
    }
  }
  return `${title} ${how}`;
}

function change({ picture: { reference, current } }: ColumnDrift, place: number): number {
  return Math.abs((current.shares[place] ?? 0) - (reference.shares[place] ?? 0));
}

/** The bars of a picture; that of any other word only where there is one. */
export function barsOf({ words, reference, current }: Picture): { before: number[]; now: number[] } {
  const rest = words?.length ?? -1;
  const drawn = reference.shares.length - 1 === rest && !reference.shares[rest] && !current.shares[rest];
  const end = drawn ? rest : reference.shares.length;
  return { before: reference.shares.slice(0, end), now: current.shares.slice(0, end) };
}

/** Rules as they are edited. */
export function rulesText(rules: readonly Rule[]): string {
  return `[\n${rules.map((rule) => `  ${JSON.stringify(rule)}`).join(',\n')}\n]`;
}

/** The columns that an alarm is about, as they are in the report. */
export function alarmed({ columns }: MonitorReport, alarm: Alarm): ColumnDrift[] {
  return alarm.columns.flatMap((name) =>
    columns.filter((one) => one.name === name && one.role === alarm.role),
  );
}

/** New rows from which on rules speak, where they do not say. */
export const MIN_ROWS = 100;

/** A rule that says nothing yet: what it needs, and what there is of that. */
export interface QuietRule {
  name: string;
  needs: 'rows' | 'known rows' | 'windows';
  least: number;
  there: number;
}

/** The rules for which there are too few rows, of metrics those whose truth is known; or too few windows. */
export function quietRules(rules: readonly Rule[], report: MonitorReport, windows: number): QuietRule[] {
  return rules.flatMap((rule): QuietRule[] => {
    const { name, minRows: least = MIN_ROWS } = rule;
    const wanted = (rule.windows ?? 1) + (rule.change === 'previous' ? 1 : 0);
    if (windows < wanted) return [{ name, needs: 'windows', least: wanted, there: windows }];
    const isOfTruth = rule.figure === 'metric' || rule.figure === 'metric_loss';
    const there = isOfTruth ? (report.performance?.rows ?? 0) : rowsOf(rule, report);
    return there < least ? [{ name, needs: isOfTruth ? 'known rows' : 'rows', least, there }] : [];
  });
}

function rowsOf({ figure }: Rule, { rows, estimatedPerformance }: MonitorReport): number {
  return figure === 'estimated_metric' ? (estimatedPerformance?.rows ?? 0) : rows;
}

/** From when on it says something. */
export function quietText({ name, needs, least, there }: QuietRule): string {
  if (needs === 'windows') return `${name}: from ${format.counted(least, 'window')} on; there ${are(there)}`;
  const whose = needs === 'known rows' ? ' whose target is known' : '';
  return `${name}: from ${format.counted(least, 'new row')}${whose} on; there ${are(there)}`;
}

function are(count: number): string {
  return count === 0 ? 'are none' : `${count === 1 ? 'is' : 'are'} ${format.count(count)}`;
}

/** Whether the new rows have the target, whether or not they can be predicted as they were read. */
export function hasTarget({ columns }: MonitorReport): boolean {
  return columns.some((column) => column.role === 'target' && statusOf(column) !== 'none');
}

/** What findings are called. */
export const FINDING_TITLES: Record<FindingCode, string> = {
  missing_column: 'Missing column',
  renamed_column: 'Renamed column',
  extra_column: 'Unknown column',
  wrong_kind: 'Wrong type',
  empty_column: 'Empty column',
  constant_column: 'Always the same',
  new_values: 'New values',
  out_of_range: 'Out of range',
  infinite_values: 'Infinite values',
  no_prediction: 'No predictions',
  copied_rows: 'Training rows',
  empty_window: 'No rows',
  foreign_profile: 'Of another model',
};
