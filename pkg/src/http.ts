/** An HTTP client for one server: an MLflow server, or a worker that serves a model. */
import { HedgerowError } from './error.js';

/** What a server is asked. */
export interface HttpRequest {
  method: string;
  /** Relative to the server's address. */
  path: string;
  headers: [string, string][];
  /** Bytes of an answer at most; a longer one is cut. */
  answerLimit: number;
}

/** What it answers, without the body. */
export interface HttpResponse {
  status: number;
  headers: [string, string][];
}

/** Who asks a server, and how long it may take. Nothing of it is kept. */
export interface ServerOptions {
  /** Sent as a bearer token. */
  token?: string | undefined;
  /** With `password`, instead of a token. */
  username?: string | undefined;
  password?: string | undefined;
  /** Milliseconds until an answer begins; what is long has ten times as long. Default 60,000. */
  timeout?: number | undefined;
  /** Ends it at once; what the server has by then, it has. */
  signal?: AbortSignal | undefined;
}

/** What kept an answer from coming. */
export class Lost extends Error {}

/** It took too long. */
export class Late extends Lost {
  constructor(milliseconds: number) {
    super(`none within ${milliseconds / 1000} s`);
  }
}

/** What came back, with the bytes of its body. */
export type Answered = [HttpResponse, Uint8Array];

/** Bytes from which on a body is a long one. */
const LONG = 1_000_000;

/** How many times as long what is long may take. */
const LONGER = 10;

export class Client {
  /** Without a slash at the end. */
  readonly base: string;
  readonly #authorization: string | undefined;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;

  /** @throws {HedgerowError} `bad_address`. */
  constructor(url: string, options: ServerOptions) {
    this.base = checked(url).replace(/\/+$/, '');
    this.#authorization = authorization(options);
    this.#timeout = options.timeout ?? 60_000;
    this.#signal = options.signal;
  }

  /** Sends a request. Throws `Lost`, or what the signal was aborted with. */
  async send({ method, path, headers, answerLimit }: HttpRequest, body: Uint8Array): Promise<Answered> {
    this.#signal?.throwIfAborted();
    const cut = new AbortController();
    const abort = () => cut.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const within = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(new Late(milliseconds)), milliseconds);
    };
    this.#signal?.addEventListener('abort', abort);
    try {
      within(this.#timeout * (body.length > LONG ? LONGER : 1));
      const response = await fetch(`${this.base}/${path}`, {
        method,
        headers: this.#authorization ? [...headers, ['Authorization', this.#authorization]] : headers,
        ...(body.length > 0 && { body: body as Uint8Array<ArrayBuffer> }),
        // A redirect would take credentials, or a POST, somewhere else.
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: cut.signal,
      });
      within(this.#timeout * LONGER);
      return await read(response, answerLimit);
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error instanceof Lost ? error : new Lost(reasonOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener('abort', abort);
    }
  }
}

/** A longer answer than is wanted is cut, and then is not what was asked for. */
async function read(response: Response, limit: number): Promise<Answered> {
  // Browsers do not tell which redirect it is.
  const status = response.type === 'opaqueredirect' ? 302 : response.status;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = response.body?.getReader(); reader && size <= limit; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    if (size > limit) await reader.cancel();
  }
  const body = new Uint8Array(await new Blob(parts).arrayBuffer());
  return [{ status, headers: [...response.headers] }, body];
}

/** Node says why in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}

function checked(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw badAddress(url, 'it begins with neither http:// nor https://');
  }
  if (parsed.username || parsed.password) {
    throw badAddress('…@…', 'credentials go into the options username and password');
  }
  return url;
}

function badAddress(url: string, reason: string): HedgerowError {
  return new HedgerowError(`"${url}" is not the address of a server: ${reason}.`, 'bad_address');
}

function authorization({ token, username, password = '' }: ServerOptions): string | undefined {
  if (!username) return token ? `Bearer ${token}` : undefined;
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
