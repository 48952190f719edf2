/** An A/B test, in the words of the Monitor view. */
import type {
  Experiment,
  ExperimentReport,
  Posterior,
  SampleRatio,
  VariantComparison,
  Verdict,
} from 'hedgerow/monitor';
import type { AbColumn } from '../worker/protocol.ts';
import * as format from './format.ts';

/** Which columns of a table of units say what. */
export interface UnitColumns {
  variant: string;
  outcome: string;
  /** The word that is a success; null where the outcome is a number, or yes and no. */
  success: string | null;
  /** What was known of a unit before; null where nothing is. */
  covariate: string | null;
}

const VARIANT_NAMES = /^(variant|arm|group|version|model|bucket|treatment|test_group|experiment_group)$/i;
const OUTCOME_NAMES =
  /^(outcome|converted|conversion|success|bought|clicked|label|correct|right|value|revenue)$/i;
const SUCCESS_WORDS = /^(yes|true|success|bought|converted|clicked|correct|right|won|paid|1)$/i;

/** Whether a column may have variants: some words, at least two. */
export function canBeVariant({ words }: AbColumn): boolean {
  return words.length >= 2;
}

/** Whether a column may have outcomes: numbers, yes and no, or a few words. */
export function canBeOutcome({ kind, words }: AbColumn): boolean {
  return kind === 'number' || kind === 'boolean' || words.length >= 2;
}

/** The columns as their names tell, else as their kinds do; null where none can have variants and outcomes. */
export function guessedColumns(columns: readonly AbColumn[]): UnitColumns | null {
  const variants = columns.filter(canBeVariant);
  const variant = variants.find(({ name }) => VARIANT_NAMES.test(name)) ?? variants[0];
  const outcome = guessedOutcome(columns, variant?.name);
  if (!variant || !outcome) return null;
  return {
    variant: variant.name,
    outcome: outcome.name,
    success: guessedSuccess(outcome),
    covariate: null,
  };
}

function guessedOutcome(columns: readonly AbColumn[], variant: string | undefined): AbColumn | undefined {
  const outcomes = columns.filter((column) => column.name !== variant && canBeOutcome(column));
  return (
    outcomes.find(({ name }) => OUTCOME_NAMES.test(name)) ??
    outcomes.find(({ kind }) => kind === 'boolean') ??
    outcomes.findLast(({ kind }) => kind === 'number') ??
    outcomes.at(-1)
  );
}

/** Columns with one chosen anew; of the others what still holds is kept. */
export function changedColumns(
  columns: readonly AbColumn[],
  by: UnitColumns,
  change: Partial<UnitColumns>,
): UnitColumns {
  const chosen = { ...by, ...change };
  const { variant } = chosen;
  const isTaken = chosen.outcome === '' || chosen.outcome === variant;
  const name = isTaken ? (guessedOutcome(columns, variant)?.name ?? '') : chosen.outcome;
  const outcome = columns.find((column) => column.name === name);
  const isWord = chosen.success !== null && outcome?.words.includes(chosen.success);
  const success = isWord ? chosen.success : outcome ? guessedSuccess(outcome) : null;
  const isFree = ![name, variant].includes(chosen.covariate ?? '');
  return { variant, outcome: name, success, covariate: isFree ? chosen.covariate : null };
}

/** What was chosen of variants, as far as it is about those that were counted. */
export function keptSettings(
  counted: readonly Experiment[],
  { control, weights }: { control: string | null; weights: string },
): { control: string | null; weights: string } {
  const names = new Set(counted.flatMap(({ variants }) => Object.keys(variants)));
  const weighed = Object.keys(weightsIn(weights) ?? {});
  const isOfAll = weighed.length === names.size && weighed.every((name) => names.has(name));
  return {
    control: control !== null && names.has(control) ? control : null,
    weights: isOfAll ? weights : '',
  };
}

/** The word that is a success; null where outcomes are no words. */
export function guessedSuccess({ kind, words }: AbColumn): string | null {
  if (kind === 'number' || kind === 'boolean') return null;
  return words.find((word) => SUCCESS_WORDS.test(word)) ?? words[0] ?? null;
}

/** `A=0.9, B=0.1` as weights; null where it is something else, none where it is empty. */
export function weightsIn(text: string): Record<string, number> | null {
  const parts = text.split(',').map((part) => part.trim());
  const pairs = parts.filter(Boolean).map((part) => {
    const at = part.lastIndexOf('=');
    return [
      part.slice(0, at).trim(),
      at > 0 ? Number(part.slice(at + 1) || Number.NaN) : Number.NaN,
    ] as const;
  });
  if (pairs.some(([, weight]) => !Number.isFinite(weight) || weight < 0)) return null;
  return Object.fromEntries(pairs);
}

export const VERDICTS: Record<Verdict, string> = {
  better: 'Better',
  worse: 'Worse',
  undecided: 'Undecided',
  untested: 'Not tested',
  untrusted: 'Not to be trusted',
};

/** The most that is said of all comparisons, as a title. */
export function experimentFinding({ comparisons, control, sampleRatio }: ExperimentReport): string {
  if (sampleRatio.isMismatch) return 'No verdict can be trusted: units are not spread as they should be';
  const by = (verdict: Verdict) =>
    comparisons.filter((one) => one.verdict === verdict).map(({ variant }) => variant);
  const [better, worse] = [by('better'), by('worse')];
  if (better.length > 0) return `${format.listed(better)} ${areOrIs(better)} better than ${control}`;
  if (worse.length === comparisons.length) {
    return `${format.listed(worse)} ${areOrIs(worse)} worse than ${control}`;
  }
  if (by('undecided').length === 0 && worse.length === 0) return 'There is too little to test yet';
  return `Nothing is better than ${control} yet`;
}

function areOrIs(names: readonly string[]): string {
  return names.length === 1 ? 'is' : 'are';
}

/** Whether outcomes are yes and no, so that their mean is a share. */
export function isShare({ variants }: Experiment): boolean {
  return Object.values(variants).every((arm) => 'successes' in arm);
}

/** A mean or share, as it is written in the table. */
export function outcomeText(value: number | null | undefined, share: boolean): string {
  return share ? format.percent(value) : format.number(value);
}

/** An interval of means or shares. */
export function intervalText(
  [low, high]: readonly [number, number] | readonly number[],
  share: boolean,
): string {
  return `${outcomeText(low, share)} to ${outcomeText(high, share)}`;
}

/** A difference with its sign, of shares in percentage points. */
export function differenceText(value: number, share: boolean): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  const size = Math.abs(value);
  return share ? `${sign}${format.number(100 * size)} points` : `${sign}${format.number(size)}`;
}

/** An interval of differences. */
export function differencesText([low, high]: readonly [number, number], share: boolean): string {
  const plain = (value: number) => differenceText(value, share).replace(' points', '');
  return `${plain(low)} to ${differenceText(high, share)}`;
}

/** What is said of the assignment of units. */
export function ratioText({ isMismatch, pValue }: SampleRatio): string {
  if (pValue === null) return 'There is too little to check the assignment of units.';
  const p = `p = ${format.number(pValue)}`;
  return isMismatch
    ? `Units are not spread as the weights say (${p}). Find out what sorts them before anything else.`
    : `Units are spread as the weights say (${p}).`;
}

/** A variant in the table: what it is by itself, and beside the control. */
export interface VariantRow {
  name: string;
  n: number;
  expected: number;
  mean: number | null;
  posterior: Posterior | null;
  comparison: VariantComparison | null;
}

/** The control first, then the others by name. */
export function variantRows(report: ExperimentReport): VariantRow[] {
  const rows = report.variants.map(({ name, n, mean }, index) => ({
    name,
    n,
    mean,
    expected: report.sampleRatio.expected[index] ?? 0,
    posterior: report.posteriors?.find(({ variant }) => variant === name) ?? null,
    comparison: report.comparisons.find(({ variant }) => variant === name) ?? null,
  }));
  const isControl = ({ name }: VariantRow) => name === report.control;
  return [...rows.filter(isControl), ...rows.filter((row) => !isControl(row))];
}

/** A line from the least to the most of all intervals, with a little room. */
export function placesOf(rows: readonly VariantRow[]): (value: number) => number {
  const all = rows.flatMap(({ posterior }) => (posterior ? [...posterior.interval, posterior.mean] : []));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return (value) => (value - low + room) / (high - low + 2 * room);
}
