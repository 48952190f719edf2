/** What is said of runs side by side. */
import type { Comparison, Run } from 'hedgerow/track';
import { byImportance, runMetricLabel, runMetricText } from './runs-table.ts';
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
    const own = name || id.slice(0, 8);
    const same = runs.filter((run) => run.name === name).length > 1;
    return same && name ? `${own} ${id.slice(0, 6)}` : own;
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

/** Which run is best, by the metric that says most and that not all have alike. */
export function comparisonFinding({ metrics }: Comparison, names: string[]): string {
  for (const key of byImportance(metrics.map((one) => one.key))) {
    if (key.endsWith('.std')) continue;
    const values = metrics.find((one) => one.key === key)?.values ?? [];
    const place = bestPlace(key, values);
    if (place === null) continue;
    return `${names[place]} is best by ${runMetricLabel(key)}: ${runMetricText(key, values[place] ?? null)}`;
  }
  return 'No metric tells these runs apart';
}
