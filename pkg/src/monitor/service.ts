/** Profiles of services that a model was exported to. */
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

/** Bytes of a profile at most. */
const LONGEST = 16 << 20;

/** What a service has counted: the answer to `GET /profile`. */
export async function fetchProfile(url: string, options: FetchOptions): Promise<Uint8Array> {
  const client = new Client(url, options);
  const request = { method: 'GET', path: 'profile', headers: [], answerLimit: LONGEST };
  const [{ status }, body] = await client.send(request, new Uint8Array()).catch(async (error: unknown) => {
    throw error instanceof Lost ? await unheard(client.base, error, options.signal) : error;
  });
  if (status !== 200) throw refusal(client.base, status, body);
  if (!isProfile(body)) {
    throw new HedgerowError(
      `${client.base}/profile answers, but with no profile. Check that it is the address of a service of Hedgerow.`,
      'not_a_profile',
    );
  }
  return body;
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
function refusal(base: string, status: number, body: Uint8Array): HedgerowError {
  if (status === 401 || status === 403) {
    return new HedgerowError(
      `the service at ${base} wants another secret. Give its token.`,
      'service_unauthorized',
    );
  }
  const { code, error } = said(body);
  if (code === 'no_training_profile' || code === 'not_recording') {
    return new HedgerowError(
      `the service at ${base} has no profile: ${error ?? 'it does not record.'}`,
      code,
    );
  }
  if (status === 404) {
    return new HedgerowError(
      `there is no profile at ${base}/profile. Check the address; a service that was exported before profiles were recorded has to be exported again.`,
      'no_profile',
    );
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
