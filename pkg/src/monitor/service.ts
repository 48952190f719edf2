/** What services have counted: profiles of those that a model was exported to, experiments of routers. */
import { HedgerowError } from '../error.js';
import { Client, Lost } from '../http.js';
import { whyUnheard } from '../reach.js';
import { isProfile } from './hedgerow_monitor.js';

/** How a service is asked. */
export interface FetchOptions {
  /** Its secret, where it has one; sent to it alone, and not kept. */
  token?: string | undefined;
  /** Milliseconds until its answer begins. Default 60,000. */
  timeout?: number | undefined;
  /** Aborting it ends the request; the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
}

/** How a service is asked for what it has counted. */
export interface ProfileOptions extends FetchOptions {
  /** Hours that begin at this time or later; all since it was first asked, where it is left out. */
  from?: Date | undefined;
  /** Hours that begin before this time. */
  to?: Date | undefined;
}

/** An hour that a service has counted. */
export interface ServedHour {
  start: Date;
  rows: number;
}

/** Something that a service has at a path. */
interface Wanted {
  path: string;
  /** What it is called. */
  what: string;
  /** Bytes at most. */
  longest: number;
  /** The code where there is none. */
  none: string;
  /** What to look at then, beside the address. */
  hint: string;
  /** Codes by which a service says that it has none. */
  refusals: readonly string[];
}

const PROFILE: Wanted = {
  path: 'profile',
  what: 'profile',
  longest: 16 << 20,
  none: 'no_profile',
  hint: 'a service that was exported before profiles were recorded has to be exported again',
  refusals: ['no_training_profile', 'not_recording'],
};

const HOURS: Wanted = { ...PROFILE, path: 'profile/windows', longest: 16 << 20 };

const EXPERIMENT: Wanted = {
  path: 'experiment',
  what: 'experiment',
  longest: 1 << 20,
  none: 'no_experiment',
  hint: 'routers have experiments, services of one model have none',
  refusals: ['no_experiment'],
};

/** What a service has counted: the answer to `GET /profile`. */
export async function fetchProfile(
  url: string,
  { from, to, ...options }: ProfileOptions,
): Promise<Uint8Array> {
  const span = Object.entries({ from, to }).flatMap(([name, time]) =>
    time === undefined ? [] : [`${name}=${timeText(name, time)}`],
  );
  const path = [PROFILE.path, span.join('&')].filter(Boolean).join('?');
  const { base, body } = await fetchBody(url, { ...PROFILE, path }, options);
  if (!isProfile(body)) throw unlike(base, PROFILE, 'not_a_profile', 'a service of Hedgerow');
  return body;
}

function timeText(name: string, time: Date): string {
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new HedgerowError(`the option ${name} is no time. Give a valid Date.`, 'bad_option');
}

/** The hours that a service has counted, the earliest first: the answer to `GET /profile/windows`. */
export async function fetchHours(url: string, options: FetchOptions): Promise<ServedHour[]> {
  const { base, body } = await fetchBody(url, HOURS, options);
  try {
    const { windows } = JSON.parse(new TextDecoder().decode(body)) as { windows: ServedHour[] };
    return windows.map(({ start, rows }) => {
      const time = new Date(start);
      if (Number.isNaN(time.getTime()) || !(rows >= 0)) throw new TypeError();
      return { start: time, rows };
    });
  } catch {
    throw unlike(base, HOURS, 'not_a_profile', 'a service of Hedgerow');
  }
}

/** The counts of a router's variants, as JSON: the answer to `GET /experiment`. */
export async function fetchCounts(url: string, options: FetchOptions): Promise<unknown> {
  const { base, body } = await fetchBody(url, EXPERIMENT, options);
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw unlike(base, EXPERIMENT, 'not_an_experiment', 'a router of Hedgerow');
  }
}

async function fetchBody(url: string, wanted: Wanted, options: FetchOptions) {
  const client = new Client(url, options);
  const request = { method: 'GET', path: wanted.path, headers: [], answerLimit: wanted.longest };
  const [{ status }, body] = await client.send(request, new Uint8Array()).catch(async (error: unknown) => {
    throw error instanceof Lost ? await unheard(client.base, error, options.signal) : error;
  });
  if (status !== 200) throw refusal(client.base, wanted, status, body);
  return { base: client.base, body };
}

function unlike(base: string, { path, what }: Wanted, code: string, who: string): HedgerowError {
  return new HedgerowError(
    `${base}/${path} answers, but with no ${what}. Check that it is the address of ${who}.`,
    code,
  );
}

async function unheard(base: string, { message }: Lost, signal?: AbortSignal): Promise<HedgerowError> {
  const { origin } = new URL(base);
  switch (await whyUnheard(base, signal)) {
    case 'insecure':
      return blocked(
        `a page that came over https may not ask ${origin}, which is without. Give the service https.`,
      );
    case 'forbidden':
      return blocked(
        `this page's own Content-Security-Policy does not allow it to ask ${origin}. Add that to its connect-src.`,
      );
    case 'cors':
      return blocked(
        `the service at ${base} answers, but does not let pages of ${globalThis.origin} read that (CORS). Set its HEDGEROW_CORS, or its option cors, to ${globalThis.origin}.`,
      );
    default:
      return new HedgerowError(
        `there is no answer from ${base}: ${message}. Check the address, and that the service runs.`,
        'service_unreachable',
      );
  }
}

function blocked(message: string): HedgerowError {
  return new HedgerowError(message, 'service_blocked');
}

/** What the service says itself, where it says something. */
function refusal(base: string, wanted: Wanted, status: number, body: Uint8Array): HedgerowError {
  if (status === 401 || status === 403) {
    return new HedgerowError(
      `the service at ${base} wants another secret. Give its token.`,
      'service_unauthorized',
    );
  }
  const { code, error } = said(body);
  const { path, what, none, hint, refusals } = wanted;
  if (code !== undefined && refusals.includes(code)) {
    return new HedgerowError(
      `the service at ${base} has no ${what}: ${error ?? 'it does not record.'}`,
      code,
    );
  }
  if (status === 404) {
    return new HedgerowError(`there is no ${what} at ${base}/${path}. Check the address; ${hint}.`, none);
  }
  return new HedgerowError(
    `the service at ${base} answers with status ${status}${error ? `: ${error}` : ''}. Try again later.`,
    'service_failed',
  );
}

function said(body: Uint8Array): { code?: string; error?: string } {
  try {
    const { code, error } = JSON.parse(new TextDecoder().decode(body)) ?? {};
    return {
      ...(typeof code === 'string' && { code }),
      ...(typeof error === 'string' && { error: error.slice(0, 1000) }),
    };
  } catch {
    return {};
  }
}
