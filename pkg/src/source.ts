/** Where bytes come from. */
import { HedgerowError } from './error.js';

/** What a CSV can be read from. */
export type Source = File | Blob | Response | ReadableStream<Uint8Array> | Uint8Array | ArrayBuffer | string;

/** Bytes in pieces, and how many there will be, where that is known. */
export interface Pieces {
  total: number | undefined;
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A piece takes a few milliseconds to read. */
const PIECE = 256 * 1024;

/** Opens a source. */
export function open(source: Source, signal?: AbortSignal): Pieces {
  if (typeof source === 'string') return { total: undefined, pieces: encode(source) };
  if (source instanceof ArrayBuffer) return open(new Uint8Array(source), signal);
  if (source instanceof Uint8Array) return { total: source.length, pieces: slices(source) };
  if (source instanceof Blob) return { total: source.size, pieces: stream(source.stream(), signal) };
  if (source instanceof ReadableStream) return { total: undefined, pieces: stream(source, signal) };
  if (source instanceof Response) return response(source, signal);
  throw new HedgerowError(
    'the CSV must come as a File, Blob, Response, ReadableStream, Uint8Array, ArrayBuffer or string. Pass one of them.',
    'bad_source',
  );
}

function response(source: Response, signal?: AbortSignal): Pieces {
  if (!source.ok) {
    throw new HedgerowError(
      `the server answered ${source.status} ${source.statusText}. Check the address.`,
      'bad_response',
      { value: String(source.status) },
    );
  }
  const coded = source.headers.has('content-encoding');
  const length = Number(source.headers.get('content-length') ?? Number.NaN);
  const total = coded || !Number.isFinite(length) ? undefined : length;
  return { total, pieces: source.body ? stream(source.body, signal) : [] };
}

function* slices(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE);
}

function* encode(text: string): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE, text.length);
    const last = text.charCodeAt(end - 1);
    // Never between the halves of a surrogate pair.
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end += 1;
    yield encoder.encode(text.slice(start, end));
    start = end;
  }
}

async function* stream(source: ReadableStream<Uint8Array>, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  const reader = source.getReader();
  // Ends a read that waits, too.
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      ended = done;
      if (value) yield* slices(value);
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', cancel);
    // Whoever stops early wants no more of it.
    if (!ended) cancel();
    reader.releaseLock();
  }
}
