/** What is known of a run, as it is read. */
import type { Point, Run, Status } from 'hedgerow/track';
import type { Problem } from '../worker/protocol.ts';
import * as format from './format.ts';
import { metricLabel, metricText } from './metrics.ts';
import { scoreLabel, scoreText } from './steps.ts';

/** Where runs keep their model, and what it was worth. */
export const MODEL_FILE = 'model.safetensors';
export const REPORT_FILE = 'report.json';

/** Metrics that say most, the first the most. */
const MAIN = ['accuracy', 'rocAuc', 'logLoss', 'r2', 'rmse', 'mae', 'oob_accuracy', 'oob_r2'];

/** Metrics by name, what says most first, spreads last. */
export function byImportance(names: string[]): string[] {
  const place = (name: string) => {
    const index = MAIN.indexOf(name);
    if (index >= 0) return index;
    // What was measured on the rows trained on says less than what was not.
    const least = name.endsWith('.std') ? 2 : Number(name.startsWith('training_'));
    return MAIN.length + least;
  };
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Metrics that any of these runs has, what says most first. */
export function metricsOfRuns(runs: readonly Run[]): string[] {
  return byImportance([...new Set(runs.flatMap((run) => run.metrics.map(({ key }) => key)))]);
}

export function runMetricLabel(name: string): string {
  const known = metricLabel(name);
  if (known !== name) return known;
  if (name.endsWith('.std')) return `${runMetricLabel(name.slice(0, -4))}, standard deviation`;
  // `validation_rocAuc` as `Validation ROC AUC`.
  const [, rows = '', measured = ''] = /^(training|validation)_(.+)$/.exec(name) ?? [];
  if (metricLabel(measured) !== measured) {
    return `${format.capital(rows)} ${format.inSentence(metricLabel(measured))}`;
  }
  // `f1Weighted` as `F1 weighted`.
  return scoreLabel(name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

export function runMetricText(name: string, value: number | null): string {
  if (metricLabel(name) !== name) return metricText(name, value);
  // No score is larger, so it is a count or the like.
  return value !== null && Math.abs(value) > 1 ? format.number(value) : scoreText(name, value);
}

/** A value of a metric; what is not finite has none to be drawn. */
export function pointValue({ value }: Pick<Point, 'value'>): number | null {
  return typeof value === 'number' ? value : null;
}

export function metricOf(run: Run, name: string): number | null {
  const point = run.metrics.find(({ key }) => key === name);
  return point ? pointValue(point) : null;
}

/** A parameter as it is read: what has no value, or nothing in it, is kept as JSON. */
export function paramText(value: string | undefined): string {
  if (value === 'null') return 'not set';
  return value === '{}' || value === '[]' ? 'none' : (value ?? '–');
}

export function runName({ name, id }: Pick<Run, 'name' | 'id'>): string {
  return name || format.id(id);
}

export function hasModel({ artifacts }: Run): boolean {
  return artifacts.some(({ path }) => path === MODEL_FILE);
}

/** What the model of a run is registered as, unless one says otherwise. */
export function modelName({ params, experiment }: Run): string {
  return params.target || experiment;
}

/** Whether many trainings are in it: what it found is told by those. */
export function isStudy({ tags, children }: Run): boolean {
  return tags['hedgerow.study'] !== undefined || children > 0;
}

/** Whether its steps are rows trained on. */
export function isLearningCurve({ tags }: Run): boolean {
  return tags['hedgerow.study'] === 'learningCurve';
}

/** Why it failed, if it did. */
export function failureOf({ tags }: Run): Problem | null {
  const message = tags['hedgerow.error.message'];
  return message ? { code: tags['hedgerow.error.code'] ?? '', message, details: {} } : null;
}

/** Tags as they are listed: which page logs to it says nothing to a reader, and an error is told apart. */
export function tagsOf({ tags }: Run): [string, string][] {
  return Object.entries(tags).filter(([key]) => !/^hedgerow\.(client$|error\.)/.test(key));
}

const STATUS: Record<Status, string> = {
  RUNNING: 'Running',
  FINISHED: 'Finished',
  FAILED: 'Failed',
  KILLED: 'Cancelled',
};

export function statusText(status: Status): string {
  return STATUS[status];
}

/** Seconds that it took, or has taken so far. */
export function seconds(run: Run, now: number): number {
  return Math.max(0, ((run.ended ?? now) - run.started) / 1000);
}
