/** What is answered where. */
import { CSV_TYPE, JSON_TYPE, mediaTypeOf, parseJson, textOf } from './body.js';
import { type Cells, rowsOf } from './cells.js';
import { cellsOfCsv } from './csv.js';
import { inferenceOf, inferred } from './inference.js';
import { METRICS_TYPE, type Metrics } from './metrics.js';
import { type Invocation, invocationOf, predictionsOf } from './mlflow.js';
import { openApiOf } from './openapi.js';
import type { Settings } from './options.js';
import { notRecorded } from './recorded.js';
import { json, text } from './reply.js';
import type { Scorer, Scores } from './scorer.js';
import { metadataOf } from './tensors.js';

type Answer = (request: Request, settings: Settings) => Response | Promise<Response>;

/** A path, by its methods. */
export interface Route {
  GET?: Answer;
  POST?: Answer;
  /** Whether it is answered without a token. */
  isOpen?: boolean;
}

/** All paths. A model's name and version are in them as they are: there is one model. */
export function routesOf(scorer: Scorer, settings: Settings, metrics: Metrics): ReadonlyMap<string, Route> {
  const { description } = scorer;
  const { name, version, library } = description;
  const { recording } = settings;
  const infer: Route = { POST: (request) => inference(request, scorer, settings, metrics) };
  const metadata: Route = { GET: () => json(metadataOf(description)) };
  const ready: Route = { GET: () => json({ name, ready: true }) };
  const healthy: Route = { GET: () => json({ status: 'ok' }), isOpen: true };
  const model = (path: string) => [
    [path, metadata] as const,
    [`${path}/ready`, ready] as const,
    [`${path}/infer`, infer] as const,
  ];
  return new Map<string, Route>([
    ...(recording?.routes ?? notRecorded),
    ['/invocations', { POST: (request) => invocation(request, scorer, settings, metrics) }],
    ['/health', healthy],
    ['/ping', healthy],
    ['/version', { GET: () => text(library) }],
    ['/model', { GET: () => json(description) }],
    ['/openapi.json', { GET: () => json(openApiOf(description, settings)) }],
    [
      '/metrics',
      { GET: async () => text(metrics.text() + ((await recording?.metrics()) ?? ''), METRICS_TYPE) },
    ],
    ['/v2', { GET: () => json({ name: 'hedgerow', version: library, extensions: [] }) }],
    ['/v2/health/live', { GET: () => json({ live: true }), isOpen: true }],
    ['/v2/health/ready', { GET: () => json({ live: true, ready: true }), isOpen: true }],
    ...model(`/v2/models/${name}`),
    ...model(`/v2/models/${name}/versions/${version}`),
  ]);
}

async function invocation(
  request: Request,
  scorer: Scorer,
  settings: Settings,
  metrics: Metrics,
): Promise<Response> {
  const { cells, method } = await readInvocation(request, scorer, settings);
  const { scores, headers } = score(request, cells, scorer, settings, metrics);
  return json({ predictions: predictionsOf(scores, scorer.description, method) }, 200, headers);
}

async function readInvocation(
  request: Request,
  { description }: Scorer,
  { maxBytes, maxRows }: Settings,
): Promise<Invocation> {
  const type = mediaTypeOf(request, [JSON_TYPE, CSV_TYPE]);
  const body = await textOf(request, maxBytes);
  if (type === CSV_TYPE) return { cells: cellsOfCsv(body, description, maxRows), method: 'predict' };
  return invocationOf(parseJson(body), description, maxRows);
}

async function inference(
  request: Request,
  scorer: Scorer,
  settings: Settings,
  metrics: Metrics,
): Promise<Response> {
  mediaTypeOf(request, [JSON_TYPE]);
  const body = parseJson(await textOf(request, settings.maxBytes));
  const read = inferenceOf(body, scorer.description);
  const { scores, rows, headers } = score(request, read.cells, scorer, settings, metrics);
  return json(inferred(read, scores, scorer.description, rows), 200, headers);
}

function score(
  request: Request,
  cells: Cells,
  scorer: Scorer,
  settings: Settings,
  metrics: Metrics,
): { scores: Scores; rows: number; headers: Record<string, string> | undefined } {
  const { columns, rows } = rowsOf(cells, scorer.description, settings);
  const scores = scorer.score(columns, rows);
  metrics.scored(rows);
  return { scores, rows, headers: settings.recording?.record(request, columns, rows, scores) };
}
