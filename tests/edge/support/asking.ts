/** Asking a served model over HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import type { ErrorBody } from 'hedgerow/edge';
import type { Prediction, Trained } from './exports.js';

type Headers = Readonly<Record<string, string>>;

/** Sends a body; what is no text is sent as JSON. */
export function post(url: string, body: unknown, headers: Headers = {}): Promise<Response> {
  const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: content as BodyInit,
  });
}

/** Sends so many megabytes of blanks, of which nobody said how many they are. */
export function streamed(url: string, megabytes: number): Promise<Response> {
  const chunks = async function* () {
    for (let sent = 0; sent < megabytes; sent += 1) yield new Uint8Array(1_000_000).fill(32);
  };
  const headers = { 'content-type': 'application/json' };
  const body = Readable.toWeb(Readable.from(chunks()));
  // The types of the DOM do not know `duplex`, without which no stream is sent.
  return fetch(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

/** The status of the answer to a body of which only so many bytes are sent. */
export async function unfinished(
  url: string,
  sent: number,
  headers: OutgoingHttpHeaders = {},
): Promise<number | undefined> {
  const asked = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  asked.write(Buffer.alloc(sent, ' '));
  const [{ statusCode }] = (await once(asked, 'response')) as [IncomingMessage];
  asked.destroy();
  return statusCode;
}

/** The JSON of an answer that must be one. */
export async function answered<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked;
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** What is said of a request that must be refused. */
export async function refused(asked: Promise<Response>, status: number): Promise<ErrorBody> {
  const response = await asked;
  const text = await response.text();
  assert.equal(response.status, status, text);
  return JSON.parse(text);
}

/** The predictions of /invocations for some rows. */
export async function invoked<T>(url: string, rows: Trained['rows'], params?: object): Promise<T[]> {
  const body = { dataframe_records: rows, params };
  return (await answered<{ predictions: T[] }>(post(`${url}/invocations`, body))).predictions;
}

/** What is predicted of all rows of a model, by both protocols. */
export async function predicted(url: string, { name, rows, expected }: Trained): Promise<Prediction[]> {
  if (expected[0] && 'value' in expected[0]) {
    return (await invoked<number>(url, rows)).map((value) => ({ value }));
  }
  const { classes } = await answered<{ classes: string[] }>(fetch(`${url}/model`));
  const lists = await invoked<number[]>(url, rows, { predict_method: 'predict_proba' });
  const labels = await inferred(url, name, rows, 'label');
  return lists.map((list, row) => ({
    label: String(labels[row]),
    probabilities: Object.fromEntries(classes.map((one, index) => [one, list[index] ?? Number.NaN])),
  }));
}

/** An output of the Open Inference Protocol. */
async function inferred(
  url: string,
  model: string,
  rows: Trained['rows'],
  output: string,
): Promise<unknown[]> {
  const of = `${url}/v2/models/${model}`;
  const { inputs } = await answered<{ inputs: { name: string; datatype: string }[] }>(fetch(of));
  const tensors = inputs.map((input) => ({
    ...input,
    shape: [rows.length],
    data: rows.map((row) => row[input.name] ?? null),
  }));
  const asked = post(`${of}/infer`, { inputs: tensors, outputs: [{ name: output }] });
  const { outputs } = await answered<{ outputs: { data: unknown[] }[] }>(asked);
  return outputs[0]?.data ?? [];
}
