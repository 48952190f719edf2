/** Requests, and what is read of their answers. */
import assert from 'node:assert/strict';
import type { ErrorBody, Handler } from 'hedgerow/edge';

export const url = (path: string) => `https://model.example${path}`;

/** A request with a body; what is no text is sent as JSON. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  const content = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Request(url(path), {
    method: 'POST',
    body: content as BodyInit,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** A CSV for /invocations. */
export const postCsv = (csv: string | Uint8Array) =>
  post('/invocations', csv, { 'content-type': 'text/csv' });

export async function json<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer;
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return JSON.parse(text) as T;
}

/** The predictions of an answer. */
export async function predictions(answer: Promise<Response>): Promise<unknown[]> {
  return (await json<{ predictions: unknown[] }>(answer)).predictions;
}

/** That a request is refused with this, a sentence, and advice; and what else is said. */
export async function refuses(
  handler: Handler,
  request: Request,
  status: number,
  code: string,
): Promise<ErrorBody> {
  const response = await handler(request);
  const body = (await response.json()) as ErrorBody;
  assert.equal(body.code, code, body.error);
  assert.equal(response.status, status);
  assert.match(body.error, /(\. |; ).+\.$/, 'says what is wrong, then what to do');
  return body;
}
