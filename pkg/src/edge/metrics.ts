/** What a worker has done, as Prometheus reads it. */
import type { Description } from './description.js';

/** Upper bounds of durations, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The media type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Counts since the worker started; every instance of a worker has its own. */
export interface Metrics {
  /** An answer, and how long it took. */
  answered(route: string, status: number, seconds: number): void;
  /** A refusal. */
  failed(code: string): void;
  /** Rows that were scored. */
  scored(rows: number): void;
  text(): string;
}

export type Labels = Readonly<Record<string, string | number>>;

interface Durations {
  /** How many there were in each bucket, and above the last bound. */
  buckets: number[];
  sum: number;
}

/** Metrics that start at nothing. */
export function metricsOf({ name, version }: Description): Metrics {
  const requests = new Map<string, number>();
  const errors = new Map<string, number>();
  const durations = new Map<string, Durations>();
  let rows = 0;
  return {
    answered(route, status, seconds) {
      increment(requests, labelled({ route, code: status }));
      const known = durations.get(route) ?? { buckets: new Array<number>(BOUNDS.length + 1).fill(0), sum: 0 };
      durations.set(route, known);
      const place = BOUNDS.findIndex((bound) => seconds <= bound);
      const bucket = place < 0 ? BOUNDS.length : place;
      known.buckets[bucket] = (known.buckets[bucket] ?? 0) + 1;
      known.sum += seconds;
    },
    failed: (code) => increment(errors, labelled({ code })),
    scored(more) {
      rows += more;
    },
    text: () =>
      [
        ...family('hedgerow_model_info', 'gauge', 'The model that is served.', [
          [labelled({ name, version }), 1],
        ]),
        ...family('hedgerow_requests_total', 'counter', 'Requests answered, by route and status.', requests),
        ...family('hedgerow_errors_total', 'counter', 'Requests refused, by code.', errors),
        ...family('hedgerow_rows_total', 'counter', 'Rows scored.', [['', rows]]),
        ...histogram(durations),
        '',
      ].join('\n'),
  };
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The labels of a sample, and its value. */
export type Sample = [labels: string, value: number];

/** A metric with all its samples. */
export function family(name: string, type: string, help: string, samples: Iterable<Sample>): string[] {
  return [
    ...head(name, type, help),
    ...Array.from(samples, ([labels, value]) => `${name}${labels} ${value}`),
  ];
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogram(durations: ReadonlyMap<string, Durations>): string[] {
  const name = 'hedgerow_request_duration_seconds';
  const lines = head(name, 'histogram', 'How long an answer took, by route.');
  for (const [route, { buckets, sum }] of durations) {
    let count = 0;
    for (const [place, more] of buckets.entries()) {
      count += more;
      lines.push(`${name}_bucket${labelled({ route, le: BOUNDS[place] ?? '+Inf' })} ${count}`);
    }
    lines.push(`${name}_sum${labelled({ route })} ${sum}`, `${name}_count${labelled({ route })} ${count}`);
  }
  return lines;
}

/** Labels as the text format has them. */
export function labelled(labels: Labels): string {
  const escaped = (value: string | number) =>
    String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${escaped(value)}"`)
    .join(',')}}`;
}
