/** What was recorded, as Prometheus reads it. */
import type { Description } from '../description.js';
import { family, type Labels, labelled, type Sample } from '../metrics.js';
import type { ColumnDrift, Report } from './report.js';
import type { Summary } from './store.js';

/** What a worker counted since it started. */
export interface Counts {
  recorded: number;
  dropped: number;
  failed: Readonly<Record<string, number>>;
  /** Bytes. */
  allocated: number;
}

/** All families, each with the model's name and version. */
export function driftMetrics({ name, version }: Description, counts: Counts, summary?: Summary): string {
  const own = { name, version };
  const one = (value: number, labels: Labels = {}): Sample => [labelled({ ...own, ...labels }), value];
  const by = (label: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([key, value]) => one(value, { [label]: key }));
  const lines = [
    ...family('hedgerow_recorded_rows_total', 'counter', 'Rows counted by this worker.', [
      one(counts.recorded),
    ]),
    ...family(
      'hedgerow_recording_errors_total',
      'counter',
      'Requests not counted, and counts not stored at once.',
      by('what', counts.failed),
    ),
    ...family(
      'hedgerow_recording_memory_bytes',
      'gauge',
      'Memory of the counts and the rows of one request.',
      [one(counts.allocated)],
    ),
  ];
  if (summary) lines.push(...feedbackLines(summary, counts, one, by));
  if (summary?.report) lines.push(...reportLines(summary.report, one));
  return [...lines, ''].join('\n');
}

type One = (value: number, labels?: Labels) => Sample;

function feedbackLines(
  { waiting, dropped, labels, webhooks, fault }: Summary,
  counts: Counts,
  one: One,
  by: (label: string, values: Readonly<Record<string, number>>) => Sample[],
): string[] {
  return [
    ...family(
      'hedgerow_feedback_labels_total',
      'counter',
      'Labels, by what became of them.',
      by('status', labels),
    ),
    ...family('hedgerow_feedback_waiting_requests', 'gauge', 'Requests whose predictions wait for labels.', [
      one(waiting),
    ]),
    ...family('hedgerow_feedback_dropped_requests_total', 'counter', 'Requests that had no labels in time.', [
      one(dropped + counts.dropped),
    ]),
    ...family(
      'hedgerow_webhooks_total',
      'counter',
      'Messages of alarms, by what became of them.',
      by('status', webhooks),
    ),
    ...family('hedgerow_monitoring_fault', 'gauge', 'Whether the rules cannot be used.', [
      one(fault === undefined ? 0 : 1),
    ]),
  ];
}

function reportLines(report: Report, one: One): string[] {
  const each = (value: (column: ColumnDrift) => number | undefined): Sample[] =>
    report.columns.flatMap((column) => {
      const figure = value(column);
      return figure === undefined ? [] : [one(figure, { column: column.name, role: column.role })];
    });
  const share = (part: number, rows: number) => (rows > 0 ? part / rows : undefined);
  const predictions = report.columns.filter(({ role }) => role === 'prediction');
  const performance = report.performance?.metrics ?? [];
  const metric = (wanted: string) =>
    performance.filter(({ name }) => name === wanted).map(({ value }) => one(value));
  const metrics = (of: Report['performance']) =>
    (of?.metrics ?? []).map(({ name, value }) => one(value, { metric: name }));
  const alarms = report.alarms.map(({ rule }) => one(1, { rule }));
  return [
    ...family('hedgerow_profile_rows', 'gauge', 'Rows that the figures below are of.', [one(report.rows)]),
    ...family(
      'hedgerow_drift_score',
      'gauge',
      'A p-value or a distance of each column, as its test gives it.',
      each(({ score }) => score),
    ),
    ...family(
      'hedgerow_drift_detected',
      'gauge',
      'Whether the test of a column found drift.',
      each(({ drifted }) => (drifted === undefined ? undefined : Number(drifted))),
    ),
    ...family('hedgerow_drifted_columns_ratio', 'gauge', 'The share of features that drifted.', [
      one(report.driftedShare),
    ]),
    ...family(
      'hedgerow_missing_ratio',
      'gauge',
      'The share of rows without a value.',
      each(({ picture: { current } }) => share(current.missing, current.rows)),
    ),
    ...family(
      'hedgerow_new_words_ratio',
      'gauge',
      'The share of rows with a word that training had not.',
      each(({ picture }) => (picture.words ? share(picture.current.new, picture.current.rows) : undefined)),
    ),
    ...family(
      'hedgerow_mean',
      'gauge',
      'The mean of a column of numbers.',
      each(({ picture }) => picture.current.mean),
    ),
    ...family(
      'hedgerow_prediction_ratio',
      'gauge',
      'The share of each predicted class.',
      predictions.flatMap(({ picture: { words = [], current } }) =>
        words.map((word, at) => one(current.shares[at] ?? 0, { class: word })),
      ),
    ),
    ...family('hedgerow_feedback_rows', 'gauge', 'Rows whose labels came.', [
      one(report.performance?.rows ?? 0),
    ]),
    ...family(
      'hedgerow_feedback_accuracy_ratio',
      'gauge',
      'The share of rows that were predicted right.',
      metric('accuracy'),
    ),
    ...family(
      'hedgerow_feedback_mean_absolute_error',
      'gauge',
      'How far off predicted numbers were.',
      metric('mae'),
    ),
    ...family(
      'hedgerow_performance',
      'gauge',
      'Metrics of the rows whose labels came.',
      metrics(report.performance),
    ),
    ...family(
      'hedgerow_estimated_performance',
      'gauge',
      'Metrics as they may be expected of all rows.',
      metrics(report.estimatedPerformance),
    ),
    ...family('hedgerow_alarm', 'gauge', 'Rules that are broken.', alarms),
  ];
}
