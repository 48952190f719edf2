/** The table of runs: which columns there are, what stands in them, how they are sorted. */
import type { Point, Run, Status } from 'hedgerow/track';
import type { Problem } from '../worker/protocol.ts';
import * as format from './format.ts';
import { metricLabel, metricText } from './metrics.ts';
import { scoreLabel, scoreText } from './steps.ts';

export interface RunColumn {
  /** As the filter language calls it. */
  field: string;
  label: string;
  kind: 'name' | 'status' | 'started' | 'took' | 'experiment' | 'data' | 'metric' | 'param';
  /** Of the metric or parameter. */
  name: string;
}

const fixed = (kind: RunColumn['kind'], field: string, label: string): RunColumn => ({
  kind,
  field,
  label,
  name: '',
});

const LEARNER: RunColumn = { kind: 'param', field: 'params.learner', label: 'Learner', name: 'learner' };

const FIXED = [
  fixed('name', 'attributes.name', 'Name'),
  fixed('status', 'attributes.status', 'Status'),
  fixed('started', 'attributes.start_time', 'Started'),
  fixed('took', 'attributes.duration', 'Took'),
  LEARNER,
  fixed('experiment', 'attributes.experiment', 'Experiment'),
  fixed('data', 'dataset.name', 'Data'),
];

const USUAL = FIXED.slice(0, 5).map(({ field }) => field);

/** Metrics that say most, the first the most. */
const MAIN = ['accuracy', 'rocAuc', 'logLoss', 'r2', 'rmse', 'mae', 'oob_accuracy', 'oob_r2'];
const MOST_METRICS = 3;

/** All columns that these runs can fill. */
export function columnsOf(runs: readonly Run[]): RunColumn[] {
  const metrics = new Set(runs.flatMap((run) => run.metrics.map(({ key }) => key)));
  const params = new Set(runs.flatMap((run) => Object.keys(run.params)));
  params.delete('learner');
  return [
    ...FIXED,
    ...byImportance([...metrics]).map((name) => keyed('metric', name)),
    ...[...params].sort().map((name) => keyed('param', name)),
  ];
}

/** Fields of the columns that are shown when none were chosen. */
export function usualFields(runs: readonly Run[]): string[] {
  const fields = (of: readonly Run[]) =>
    columnsOf(of)
      .filter(({ kind }) => kind === 'metric')
      .map(({ field }) => field);
  // Of what runs, the score that moves is among them.
  const live = fields(runs.filter(({ status }) => status === 'RUNNING')).slice(0, 1);
  return [...USUAL, ...new Set([...fields(runs).slice(0, MOST_METRICS), ...live])];
}

/** Metrics by name, what says most first, spreads last. */
export function byImportance(names: string[]): string[] {
  const place = (name: string) => {
    const index = MAIN.indexOf(name);
    if (index >= 0) return index;
    return MAIN.length + (name.endsWith('.std') ? 1 : 0);
  };
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function keyed(kind: 'metric' | 'param', name: string): RunColumn {
  const label = kind === 'metric' ? runMetricLabel(name) : name;
  return { kind, field: fieldName(`${kind}s`, name), label, name };
}

/** A name as the filter language reads it: in quotes where it holds anything odd. */
export function fieldName(entity: string, name: string): string {
  if (/^[\p{L}\p{N}_/.-]+$/u.test(name)) return `${entity}.${name}`;
  return `${entity}.${name.includes('`') ? `"${name}"` : `\`${name}\``}`;
}

export function runMetricLabel(name: string): string {
  const known = metricLabel(name);
  if (known !== name) return known;
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

/** Where runs keep their model. */
export const MODEL_FILE = 'model.safetensors';

/** What the model of a run is registered as, unless one says otherwise. */
export function nameOf({ params, experiment }: Run): string {
  return params.target || experiment;
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

/** What stands in a column. */
export function cellText(run: Run, { kind, name }: RunColumn, now: number): string {
  switch (kind) {
    case 'name':
      return run.name || run.id.slice(0, 8);
    case 'status':
      return statusText(run.status);
    case 'started':
      return format.moment(run.started);
    case 'took':
      return format.duration(seconds(run, now));
    case 'experiment':
      return run.experiment;
    case 'data':
      return run.inputs.map((input) => input.name).join(', ') || '–';
    case 'metric':
      return runMetricText(name, metricOf(run, name));
    case 'param':
      return run.params[name] ?? '–';
  }
}

export interface Order {
  field: string;
  down: boolean;
}

/** What a click on a column's head does: what is large first, then what is small, then as usual. */
export function nextOrder(order: Order | null, field: string): Order | null {
  if (order?.field !== field) return { field, down: true };
  return order.down ? { field, down: false } : null;
}

export function orderText(order: Order | null): string {
  return order ? `${order.field} ${order.down ? 'DESC' : 'ASC'}` : '';
}

export function ariaSort(order: Order | null, field: string): 'ascending' | 'descending' | undefined {
  if (order?.field !== field) return undefined;
  return order.down ? 'descending' : 'ascending';
}

/** A filter around the place where it could not be read. */
export function brokenAt(filter: string, { message }: Problem): { before: string; after: string } | null {
  const place = /at character (\d+)/.exec(message)?.[1];
  if (!place || place === '0') return null;
  const letters = [...filter];
  const at = Number(place) - 1;
  return { before: letters.slice(0, at).join(''), after: letters.slice(at).join('') };
}
