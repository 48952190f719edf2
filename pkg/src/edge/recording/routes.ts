/** The paths of what was recorded. */
import { HedgerowError } from '../../error.js';
import { JSON_TYPE, mediaTypeOf, parseJson, textOf } from '../body.js';
import type { Description } from '../description.js';
import { shown } from '../refusal.js';
import { json } from '../reply.js';
import type { Route } from '../routes.js';
import { bad, isDictionary, listOf } from '../shapes.js';
import type { Fate, Label, RecordStore } from './store.js';

/** What is wrong with a label, and what to do. */
const FATES: Readonly<Record<Exclude<Fate, 'counted'>, string>> = {
  unknown_id:
    'no request of this id waits for labels. Send the x-request-id of its answer, some seconds later.',
  unknown_row: 'the request had no such row. Count rows from 0.',
  repeated_label: 'the row has a label already, which stays.',
  bad_label: 'the label is of another type than what is predicted. Send what is true of the row.',
  unknown_class: 'the model has no such class. GET /model lists them.',
};

/** `told` gives the store once it was told all that this worker counted. */
export function recordingRoutes(
  description: Description,
  told: () => Promise<RecordStore>,
): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ['/profile', { GET: (request) => profile(request, told) }],
    ['/profile/windows', { GET: () => windows(told) }],
    ['/feedback', { POST: (request, settings) => feedback(request, settings.maxBytes, description, told) }],
  ]);
}

async function profile(request: Request, told: () => Promise<RecordStore>): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const [from, to] = [timeOf(searchParams, 'from'), timeOf(searchParams, 'to')];
  const bytes = await (await told()).profile(from, to);
  return new Response(bytes as BodyInit, { headers: { 'content-type': 'application/octet-stream' } });
}

function timeOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new HedgerowError(`${name} is no time. Send one as 2026-01-31T12:00:00Z.`, 'bad_option', {
    column: name,
    value: shown(text),
  });
}

async function windows(told: () => Promise<RecordStore>): Promise<Response> {
  const known = await (await told()).windows();
  return json({ windows: known.map(({ start, rows }) => ({ start: new Date(start).toISOString(), rows })) });
}

async function feedback(
  request: Request,
  maxBytes: number,
  description: Description,
  told: () => Promise<RecordStore>,
): Promise<Response> {
  mediaTypeOf(request, [JSON_TYPE]);
  const body = parseJson(await textOf(request, maxBytes));
  if (!isDictionary(body)) throw bad('the body must be an object. Give it feedback');
  const entries = listOf(body.feedback, 'feedback').map(labelOf);
  const labels = entries.filter((entry) => entry !== undefined);
  const fates = await (await told()).feedback(labels);
  const answers = entries.map((entry) => (entry ? answerOf(entry, fates.shift()) : noEntry));
  const counted = answers.filter(({ status }) => status === 'counted').length;
  return json({ model_name: description.name, counted, feedback: answers });
}

const noEntry = {
  status: 'refused',
  code: 'bad_request',
  error: 'this is no label. Send {"id": "…", "row": 0, "label": …}.',
};

/** Without a row, it is the first. */
function labelOf(entry: unknown): Label | undefined {
  if (!isDictionary(entry)) return undefined;
  const { id, row = 0, label } = entry;
  if (typeof id !== 'string' || typeof row !== 'number' || !Number.isInteger(row) || row < 0)
    return undefined;
  return { id, row, label };
}

function answerOf({ id, row }: Label, fate: Fate = 'unknown_id') {
  const at = { id: shown(id), row };
  return fate === 'counted'
    ? { ...at, status: fate }
    : { ...at, status: 'refused', code: fate, error: FATES[fate] };
}
