/** Rules of alarms, as a form has them. */
import type { Change, ColumnDrift, Figure, Rule } from 'hedgerow/monitor';
import { roleText } from './drift.ts';
import { runMetricLabel } from './run-facts.ts';

/** What a figure is of, how it is called, and whether training has the same. */
interface FigureInfo {
  label: string;
  of: 'all features' | 'columns' | 'metrics';
  comparable: readonly Change[];
}

const ANY: readonly Change[] = ['reference', 'previous'];

export const FIGURES: Record<Figure, FigureInfo> = {
  drifted_share: { label: 'Share of features that drifted', of: 'all features', comparable: ANY },
  drifted: { label: 'Drifted (1 or 0)', of: 'columns', comparable: ['previous'] },
  score: { label: 'Score of the drift test', of: 'columns', comparable: ['previous'] },
  missing_share: { label: 'Share of missing values', of: 'columns', comparable: ANY },
  new_share: { label: 'Share of new words', of: 'columns', comparable: ANY },
  mean: { label: 'Mean', of: 'columns', comparable: ANY },
  metric: { label: 'Metric', of: 'metrics', comparable: ANY },
  metric_loss: { label: 'Loss of a metric, as a share', of: 'metrics', comparable: [] },
  estimated_metric: { label: 'Metric to be expected', of: 'metrics', comparable: ['previous'] },
};

export const BOUNDS = { above: 'above', atLeast: 'at least', below: 'below' } as const;
export type Bound = keyof typeof BOUNDS;

const bounds = Object.keys(BOUNDS) as Bound[];

/** Metrics that are known of counts; the first ones can be expected without the target, too. */
const CLASS_METRICS = [
  'accuracy',
  'balancedAccuracy',
  'precisionMacro',
  'recallMacro',
  'f1Macro',
  'mcc',
  'rocAuc',
];
const NUMBER_METRICS = ['mae', 'rmse', 'r2'];

/** One of a list, and what it is called. */
export interface Choice {
  value: string;
  label: string;
}

/** Whether a form can show all that rules say: at most one bound each, and figures that it knows. */
export function isShown(rules: unknown): rules is Rule[] {
  return Array.isArray(rules) && rules.every((rule) => isRule(rule) && boundsOf(rule).length <= 1);
}

function isRule(rule: unknown): rule is Rule {
  if (typeof rule !== 'object' || rule === null) return false;
  const { name, figure, role, columns } = rule as Record<string, unknown>;
  const areNames = columns === undefined || (Array.isArray(columns) && columns.every(isText));
  return (
    isText(name) && Object.hasOwn(FIGURES, String(figure)) && areNames && (role === undefined || isText(role))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function boundsOf(rule: Rule): Bound[] {
  return bounds.filter((bound) => rule[bound] != null);
}

export function boundOf(rule: Rule): Bound {
  return boundsOf(rule)[0] ?? 'above';
}

/** The same rule with this bound only. NaN is one that is not written yet. */
export function withBound(rule: Rule, bound: Bound, value: number): Rule {
  const { above: _above, atLeast: _atLeast, below: _below, ...rest } = rule;
  return { ...rest, [bound]: value };
}

/** A rule whose bound is not written yet. */
export function unbounded(rules: readonly Rule[]): Rule | undefined {
  return rules.find((rule) => Number.isNaN(rule[boundOf(rule)] ?? Number.NaN));
}

/** The same rule with another figure, without what that figure cannot have. */
export function withFigure(rule: Rule, figure: Figure): Rule {
  const { columns, role, metric, change, ...rest } = rule;
  const { of, comparable } = FIGURES[figure];
  return {
    ...rest,
    figure,
    ...(of === 'columns' && columns && { columns }),
    ...(of === 'columns' && role && { role }),
    ...(of === 'metrics' && figure !== 'estimated_metric' && metric && { metric }),
    ...(change && comparable.includes(change) && { change }),
  };
}

/** The same rule with a value of one more field, or without. */
export function withField<Name extends 'change' | 'metric' | 'windows' | 'minRows'>(
  rule: Rule,
  name: Name,
  value: Rule[Name] | undefined,
): Rule {
  const changed = { ...rule };
  if (value === undefined) delete changed[name];
  else changed[name] = value;
  return changed;
}

/** Which columns a rule is about: those of a role, or one of them. */
export function aboutOf({ role = 'feature', columns = [] }: Rule): string {
  return JSON.stringify([role, ...columns]);
}

export function withAbout(rule: Rule, about: string): Rule {
  const { role: _role, columns: _columns, ...rest } = rule;
  const [role, ...columns]: string[] = JSON.parse(about);
  return {
    ...rest,
    ...(role !== undefined && role !== 'feature' && { role }),
    ...(columns.length > 0 && { columns }),
  };
}

/** What a rule can be about: all features, each by itself, and answers; and what it is about now. */
export function aboutChoices(rule: Rule, columns: readonly ColumnDrift[]): Choice[] {
  const roles = new Set(columns.map(({ role }) => role));
  const choices: Choice[] = [
    { value: aboutOf({ ...rule, role: 'feature', columns: [] }), label: 'any feature' },
  ];
  for (const role of roles) {
    if (role === 'feature') continue;
    choices.push({ value: JSON.stringify([role]), label: `the ${roleText(role).toLowerCase()}` });
  }
  for (const { name, role } of columns)
    if (role === 'feature') choices.push({ value: JSON.stringify([role, name]), label: name });
  const now = aboutOf(rule);
  if (choices.some(({ value }) => value === now)) return choices;
  return [...choices, { value: now, label: rule.columns?.join(', ') || roleText(rule.role ?? 'feature') }];
}

/** Metrics of the model's task, the usual one first. */
export function metricChoices({ figure, metric }: Rule, columns: readonly ColumnDrift[]): Choice[] {
  const isOfClasses = columns.some(({ role, picture }) => role === 'prediction' && picture.words);
  const more = figure === 'estimated_metric' ? [] : ['logLoss', 'brier'];
  const known = isOfClasses ? [...CLASS_METRICS, ...more] : NUMBER_METRICS;
  const usual = isOfClasses ? 'accuracy' : 'mae';
  const all = metric && !known.includes(metric) ? [...known, metric] : known;
  // What is left out is the usual one, and may stand there by its name, too.
  const choice = (name: string) => ({ value: name, label: runMetricLabel(name) });
  return [
    { value: '', label: runMetricLabel(usual) },
    ...all.filter((name) => name !== usual || name === metric).map(choice),
  ];
}

/** A rule to begin with, whose name no other has. */
export function newRule(rules: readonly Rule[]): Rule {
  const names = new Set(rules.map(({ name }) => name));
  let number = rules.length + 1;
  while (names.has(`rule ${number}`)) number += 1;
  return { name: `rule ${number}`, figure: 'missing_share', above: 0.1 };
}
