/** Two versions of a model, by the runs that they came from. */
import type { Move, Run } from 'hedgerow/track';
import { bestPlace } from './compare-runs.ts';
import { byImportance, metricOf, paramText, runMetricLabel, runMetricText } from './run-facts.ts';

export interface VersionRow {
  key: string;
  label: string;
  texts: [string, string];
  differs: boolean;
  /** Which of the two is better, where that can be said. */
  best: number | null;
}

/** Metrics first; then the parameters, those that differ first. A version without a run has neither. */
export function versionRows(one: Run | null, other: Run | null): VersionRow[] {
  const runs = [one, other];
  const metrics = byImportance([
    ...new Set(runs.flatMap((run) => run?.metrics.map(({ key }) => key) ?? [])),
  ]).map((key) => {
    const values = runs.map((run) => (run ? metricOf(run, key) : null));
    const texts = values.map((value) => runMetricText(key, value)) as [string, string];
    const best = bestPlace(
      key,
      values.map((value) => value ?? undefined),
    );
    return { key: `metrics.${key}`, label: runMetricLabel(key), texts, differs: texts[0] !== texts[1], best };
  });
  const names = [...new Set(runs.flatMap((run) => Object.keys(run?.params ?? {})))].sort();
  const params = names.map((name) => {
    const texts = runs.map((run) => paramText(run?.params[name])) as [string, string];
    return { key: `params.${name}`, label: name, texts, differs: texts[0] !== texts[1], best: null };
  });
  return [...metrics, ...params.sort((a, b) => Number(b.differs) - Number(a.differs))];
}

/** The version that an alias goes back to when its last move is taken back, as the workspace does it; null where
 * there is none. */
export function versionBefore(moves: readonly Move[], alias: string): number | null {
  const standing: (number | null)[] = [];
  for (const move of moves.filter((one) => one.alias === alias)) {
    if (move.back) standing.pop();
    else standing.push(move.version);
  }
  return standing.slice(0, -1).findLast((version) => version !== null) ?? null;
}
