/** The table of runs: which columns there are, what stands in them, how they are sorted. */
import type { Run } from 'hedgerow/track';
import type { Problem } from '../worker/protocol.ts';
import * as format from './format.ts';
import {
  metricOf,
  metricsOfRuns,
  paramText,
  runMetricLabel,
  runMetricText,
  runName,
  seconds,
  statusText,
} from './run-facts.ts';

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

/** What there is of every run: before its metrics, so that those are seen in a narrow window, too, and behind. */
const FIRST = [fixed('name', 'attributes.name', 'Name'), fixed('status', 'attributes.status', 'Status')];
const LEARNER: RunColumn = { kind: 'param', field: 'params.learner', label: 'Learner', name: 'learner' };
const TIMES = [
  fixed('started', 'attributes.start_time', 'Started'),
  fixed('took', 'attributes.duration', 'Duration'),
];
const LAST = [
  fixed('experiment', 'attributes.experiment', 'Experiment'),
  fixed('data', 'dataset.name', 'Data'),
];

const USUAL = [...FIRST, ...TIMES, LEARNER].map(({ field }) => field);

const MOST_METRICS = 3;

/** All columns that these runs can fill. */
export function columnsOf(runs: readonly Run[]): RunColumn[] {
  const params = new Set(runs.flatMap((run) => Object.keys(run.params)));
  params.delete('learner');
  return [
    ...FIRST,
    ...metricsOfRuns(runs).map((name) => keyed('metric', name)),
    LEARNER,
    ...TIMES,
    ...LAST,
    ...[...params].sort().map((name) => keyed('param', name)),
  ];
}

/** Columns as one chooses among them. */
export function columnGroups(columns: readonly RunColumn[]): { title: string; columns: RunColumn[] }[] {
  const titleOf = ({ kind, field }: RunColumn) => {
    if (kind === 'metric') return 'Metrics';
    return kind === 'param' && field !== LEARNER.field ? 'Parameters' : 'Run';
  };
  return ['Run', 'Metrics', 'Parameters']
    .map((title) => ({ title, columns: columns.filter((column) => titleOf(column) === title) }))
    .filter((group) => group.columns.length > 0);
}

/** Fields of the columns that are shown when none were chosen. */
export function usualFields(runs: readonly Run[]): string[] {
  const fields = (of: readonly Run[]) => metricsOfRuns(of).map((name) => keyed('metric', name).field);
  // Of what runs, the score that moves is among them.
  const live = fields(runs.filter(({ status }) => status === 'RUNNING')).slice(0, 1);
  return [...USUAL, ...new Set([...fields(runs).slice(0, MOST_METRICS), ...live])];
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

/** What stands in a column. */
export function cellText(run: Run, { kind, name }: RunColumn, now: number): string {
  switch (kind) {
    case 'name':
      return runName(run);
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
      return paramText(run.params[name]);
  }
}

/** What is said of a cell when one points at it: all digits, the time to the second, the value as it is kept. */
export function cellTitle(run: Run, { kind, name }: RunColumn): string | undefined {
  if (kind === 'metric') return format.full(metricOf(run, name));
  if (kind === 'param') return run.params[name];
  return kind === 'started' ? new Date(run.started).toISOString() : undefined;
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
