/** The bodies of requests, within limits. */
import { HedgerowError } from '../error.js';

/** Arrays and objects within each other at most; the protocols need six. */
const MAX_DEPTH = 32;

/** The media types that are read. */
export const JSON_TYPE = 'application/json';
export const CSV_TYPE = 'text/csv';

/**
 * What a body is, of the types that are taken here.
 *
 * @throws {HedgerowError} `unsupported_media_type`.
 */
export function mediaTypeOf(request: Request, taken: readonly string[]): string {
  const header = request.headers.get('content-type') ?? '';
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  const isUtf8 = charset === undefined || charset === 'utf-8' || charset === 'utf8';
  if (taken.includes(type) && isUtf8 && encoding === 'identity') return type;
  throw new HedgerowError(
    `the body is not declared as something that is read here. Send ${taken.join(' or ')} as its content-type, in UTF-8, and not compressed.`,
    'unsupported_media_type',
    { value: header.slice(0, 80) },
  );
}

/**
 * The body as text.
 *
 * @throws {HedgerowError} `too_large`, `not_utf8`, `body_lost`.
 */
export async function textOf(request: Request, maxBytes: number): Promise<string> {
  const bytes = await bytesOf(request, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HedgerowError('the body is not UTF-8. Send it as UTF-8.', 'not_utf8');
  }
}

/**
 * The body. No more than the limit is ever held, and nothing is read where more is declared.
 *
 * @throws {HedgerowError} `too_large`, `body_lost`.
 */
export async function bytesOf(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > maxBytes) {
    if (request.body) cancel(request.body);
    throw tooLarge(maxBytes);
  }
  // Firefox has no streams of requests; there, the page that asks has made them itself.
  if (!request.body) {
    const bytes = new Uint8Array(await request.arrayBuffer().catch(lost));
    if (bytes.length > maxBytes) throw tooLarge(maxBytes);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(lost);
    if (done) return joined(chunks, length);
    length += value.length;
    if (length > maxBytes) {
      cancel(reader);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const all = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    all.set(chunk, end);
    end += chunk.length;
  }
  return all;
}

/** Tells the client to stop. It does not matter whether it listens. */
function cancel(body: { cancel(): Promise<void> }): void {
  body.cancel().catch(() => undefined);
}

function lost(cause: unknown): never {
  throw new HedgerowError('the body ended early. Send the request again.', 'body_lost', {}, { cause });
}

function tooLarge(maxBytes: number): HedgerowError {
  return new HedgerowError(
    `the body is larger than ${maxBytes} bytes. Send fewer rows at a time.`,
    'too_large',
  );
}

/**
 * Reads JSON.
 *
 * @throws {HedgerowError} `not_json`, `too_deep`.
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new HedgerowError(
      'the body is not JSON. Check its brackets and quotes; a missing value is null, not NaN.',
      'not_json',
    );
  }
}

/**
 * Before the parser sees it: engines need 50 times as much memory as text for brackets within brackets,
 * and some recurse.
 */
function checkDepth(text: string): void {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0x22) isQuoted = !isQuoted;
    else if (isQuoted) index += unit === 0x5c ? 1 : 0;
    else if (unit === 0x5b || unit === 0x7b) depth += 1;
    else if (unit === 0x5d || unit === 0x7d) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new HedgerowError(
        `the JSON has more than ${MAX_DEPTH} arrays and objects within each other. Send it flatter.`,
        'too_deep',
      );
    }
  }
}
