/** What is said of runs side by side. */
import type { Comparison, Run } from 'hedgerow/track';
import * as format from './format.ts';
import {
  byImportance,
  metricOf,
  metricsOfRuns,
  runMetricLabel,
  runMetricText,
  runName,
} from './run-facts.ts';
import { higherIsBetter } from './steps.ts';

/** As JSON has it, what a run has not is null; here it is left out. */
export function withoutNulls({ runs, params, metrics }: Comparison): Comparison {
  return {
    runs,
    params: params.map((one) => ({ ...one, values: one.values.map((value) => value ?? undefined) })),
    metrics: metrics.map((one) => ({ ...one, values: one.values.map((value) => value ?? undefined) })),
  };
}

/** Names of runs, told apart by the beginning of their ids where they are the same. */
export function runNames(runs: readonly Run[]): string[] {
  return runs.map(({ name, id }) => {
    const same = runs.filter((run) => run.name === name).length > 1;
    return same && name ? `${name} ${format.id(id)}` : runName({ name, id });
  });
}

/** The place of the best value; none where fewer than two are known, or several are the best. */
export function bestPlace(metric: string, values: readonly (number | undefined)[]): number | null {
  const known = values.flatMap((value, place) => (value === undefined ? [] : [{ value, place }]));
  if (known.length < 2) return null;
  const sign = higherIsBetter(metric) ? 1 : -1;
  const best = known.reduce((best, one) => ((one.value - best.value) * sign > 0 ? one : best));
  return known.filter(({ value }) => value === best.value).length === 1 ? best.place : null;
}

/** The metrics of all the runs, what says most first, each with the place of its best value. */
export function comparedMetrics({
  metrics,
}: Comparison): { key: string; values: (number | undefined)[]; best: number | null }[] {
  const values = new Map(metrics.map((one) => [one.key, one.values]));
  return byImportance([...values.keys()]).map((key) => {
    const own = values.get(key) ?? [];
    return { key, values: own, best: bestPlace(key, own) };
  });
}

/** Which run is best, by the metric that says most and that not all have alike. */
export function comparisonFinding(comparison: Comparison, names: string[]): string {
  for (const { key, values, best } of comparedMetrics(comparison)) {
    if (key.endsWith('.std') || best === null) continue;
    return `${names[best]} is best by ${runMetricLabel(key)}: ${runMetricText(key, values[best] ?? null)}`;
  }
  return 'No metric tells these runs apart';
}

/** Metrics of the parts of a study, what says most first; of the others only those in which they differ. */
export function tellingMetrics(runs: readonly Run[]): string[] {
  return metricsOfRuns(runs).filter((key, place) => {
    const values = new Set(runs.map((run) => metricOf(run, key)));
    return place === 0 || (!key.endsWith('.std') && values.size > 1);
  });
}

/** Parameters by which parts of a study differ: those that all have that have any, but for what their names say. */
export function tellingParams(runs: readonly Run[]): string[] {
  const having = runs.filter(({ params }) => Object.keys(params).length > 0);
  return Object.keys(having[0]?.params ?? {}).filter((key) => {
    const values = having.map(({ params }) => params[key]);
    if (values.includes(undefined) || having.every(({ name, params }) => params[key] === name)) return false;
    return new Set(values).size > 1;
  });
}
