/** Asking a variant. */
import { HedgerowError } from '../../error.js';
import { REQUEST_ID } from '../request-id.js';
import type { Variant } from './options.js';

/** A request that can be sent several times. */
export interface Asked {
  /** With path and query; the host is the router's. */
  url: string;
  method: string;
  headers: Headers;
  body: Uint8Array | undefined;
}

/** An answer that is all here. */
export interface Answered {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/** Headers that are of one connection, not of a request. */
const OF_A_CONNECTION = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

/** Headers of answers that are of one connection, or of how a body was sent. */
const OF_A_BODY = ['connection', 'content-encoding', 'content-length', 'transfer-encoding'];

/** A request as all variants get it. */
export function askedOf({ url, method, headers }: Request, id: string, body?: Uint8Array): Asked {
  const own = new Headers(headers);
  for (const name of OF_A_CONNECTION) own.delete(name);
  own.set(REQUEST_ID, id);
  return { url, method, headers: own, body };
}

/**
 * Asks a variant, and waits for all of its answer.
 *
 * @param timeout Milliseconds; without one there is no end.
 * @throws {HedgerowError} `variant_unavailable` where there is no answer in time.
 */
export async function ask({ name, to }: Variant, asked: Asked, timeout?: number): Promise<Answered> {
  const controller = new AbortController();
  const late = timeout === undefined ? undefined : after(timeout, () => controller.abort());
  try {
    const answer = answerOf(to, asked, controller.signal);
    return await (late ? Promise.race([answer, late.promise]) : answer);
  } catch (cause) {
    const message = `the variant ${name} does not answer. Try again later.`;
    throw new HedgerowError(message, 'variant_unavailable', {}, { cause });
  } finally {
    late?.cancel();
  }
}

/** An answer that says which variant it is of. */
export function responseOf({ status, headers, body }: Answered, { name }: Variant): Response {
  const own = new Headers(headers);
  for (const header of OF_A_BODY) own.delete(header);
  own.set('x-hedgerow-variant', name);
  // Of some statuses, such as 204, there are none.
  return new Response(body.length > 0 ? (body as BodyInit) : null, { status, headers: own });
}

async function answerOf(to: Variant['to'], asked: Asked, signal: AbortSignal): Promise<Answered> {
  const response = await fetched(to, asked, signal);
  const { status, headers } = response;
  return { status, headers, body: new Uint8Array(await response.arrayBuffer()) };
}

function fetched(
  to: Variant['to'],
  { url, method, headers, body }: Asked,
  signal: AbortSignal,
): Promise<Response> {
  // What is in this worker cannot be stopped, and requests that can are slow to make.
  if (typeof to === 'function')
    return to(new Request(url, { method, headers, body: body as BodyInit | undefined }));
  const init = { method, headers, body: body as BodyInit | undefined, signal, redirect: 'manual' as const };
  if (typeof to !== 'string') return to.fetch(new Request(url, init));
  const { pathname, search } = new URL(url);
  return fetch(to.replace(/\/+$/, '') + pathname + search, init);
}

function after(milliseconds: number, act: () => void): { promise: Promise<never>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      act();
      reject(new Error(`no answer in ${milliseconds} ms`));
    }, milliseconds);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
