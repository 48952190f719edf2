/** Who may ask, and from where. */
import { HedgerowError } from '../error.js';
import type { Settings } from './options.js';

/** Seconds that a browser may remember what it was allowed. */
const MAX_AGE = '86400';

/**
 * Whether a request brings the token.
 *
 * @throws {HedgerowError} `unauthorized`.
 */
export async function checkToken(request: Request, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  const given = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (given !== undefined && (await areSame(given, token))) return;
  throw new HedgerowError(
    'the token is missing or wrong. Send it as the header "Authorization: Bearer …".',
    'unauthorized',
  );
}

/** Compares hashes, all of them: the time it takes tells nothing of the texts, not even their length. */
async function areSame(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([hashOf(left), hashOf(right)]);
  return a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}

async function hashOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** Says whether the page that asks may read the answer. */
export function allowOrigin(request: Request, response: Response, cors: Settings['cors']): void {
  if (cors === false) return;
  if (cors !== '*') response.headers.append('vary', 'origin');
  const origin = request.headers.get('origin');
  const allowed = cors === '*' ? '*' : cors.find((known) => known === origin);
  if (allowed !== undefined) response.headers.set('access-control-allow-origin', allowed);
}

/** The answer to OPTIONS: what may be asked; to pages, if there is any that may. */
export function optionsOf(allow: string, cors: Settings['cors']): Response {
  const headers = new Headers({ allow });
  if (cors !== false) {
    headers.set('access-control-allow-methods', allow);
    headers.set('access-control-allow-headers', 'authorization, content-type');
    headers.set('access-control-max-age', MAX_AGE);
  }
  return new Response(null, { status: 204, headers });
}
