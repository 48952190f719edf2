/** A router: versions of a model behind one address. */
import { HedgerowError } from '../../error.js';
import { bytesOf, JSON_TYPE, mediaTypeOf, parseJson, textOf } from '../body.js';
import { allowOrigin, checkToken, optionsOf } from '../guard.js';
import type { Context, Handler } from '../handler.js';
import { METRICS_TYPE } from '../metrics.js';
import { refused, toRefusal } from '../refusal.js';
import { json, text } from '../reply.js';
import { idOf, REQUEST_ID } from '../request-id.js';
import { bad, isDictionary } from '../shapes.js';
import { feedback } from './feedback.js';
import { Ledger } from './ledger.js';
import { routerMetrics } from './metrics.js';
import { namesOf, type RouterOptions, type Settings, settingsOf, type Variant } from './options.js';
import { type Later, type Parts, routed } from './routed.js';
import { Shadows } from './shadow.js';
import type { KillStore, RouterStore } from './store.js';
import { Switch } from './switch.js';
import { ask, askedOf, responseOf } from './variants.js';

/** A router, and how it is told to keep what it counted. */
export interface Router {
  handle: Handler;
  /**
   * Tells the store all that was counted.
   *
   * @throws {HedgerowError} `store_unavailable`; then it is told later.
   */
  flush(): Promise<void>;
  /** Does so, and gives back what it has, such as files: for the end of a process. */
  close(): Promise<void>;
}

/** Where what the router counts is kept. */
export interface Keeping {
  store: () => RouterStore;
  /** Where it is kept which variants are killed, whatever weights the experiment gets. Default: with the counts. */
  kills?: () => KillStore;
  /** Gives back what the stores have, such as files. */
  release?: () => Promise<void>;
  /** What that is, as `GET /router` says it. */
  kind: 'memory' | 'file' | 'object';
}

/** Probes bring no token. */
const OPEN = ['/health', '/ping', '/v2/health/live', '/v2/health/ready'];

const METHODS = 'GET, HEAD, POST, OPTIONS';

/** A request with what all answers need. */
interface Asking {
  request: Request;
  path: string;
  parts: Parts;
  keeping: Keeping;
  later: Later;
}

/** @throws {HedgerowError} `bad_option`, `unknown_variant`. */
export function routerOf(options: RouterOptions, keeping: Keeping): Router {
  const settings = settingsOf(options);
  const ledger = new Ledger(settings, keeping.store);
  const parts: Parts = {
    settings,
    ledger,
    shadows: new Shadows(settings, ledger),
    switch: new Switch(settings, keeping.kills ?? keeping.store),
  };
  const handle = async (request: Request, context?: Context): Promise<Response> => {
    const later = (done: Promise<void>) => context?.waitUntil?.(done);
    const path = new URL(request.url).pathname;
    const response = await answer({ request, path, parts, keeping, later }).catch((error: unknown) =>
      refused(toRefusal(error)),
    );
    if (response.status === 401) response.headers.set('www-authenticate', 'Bearer');
    allowOrigin(request, response, settings.http.cors);
    const due = ledger.due();
    if (due) later(due);
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };
  const close = () => ledger.flush().finally(keeping.release);
  return { handle, flush: () => ledger.flush(), close };
}

async function answer(asking: Asking): Promise<Response> {
  const { request, path, parts, keeping, later } = asking;
  const { settings } = parts;
  if (request.method === 'OPTIONS') return allowed(settings);
  if (!OPEN.includes(path)) await checkToken(request, settings.http.token);
  const isPost = request.method === 'POST';
  const own = `${isPost ? 'POST' : request.method === 'HEAD' ? 'GET' : request.method} ${path}`;
  if (own === 'GET /router') return state(asking);
  if (own === 'POST /router') return turn(asking);
  if (own === 'GET /experiment') return experiment(asking);
  if (own === 'GET /metrics') return text(await metrics(asking), METRICS_TYPE);
  if (own === 'POST /feedback') return feedback(request, parts, keeping.store);
  const [, name] = /^\/variants\/([^/]+)\//.exec(path) ?? [];
  if (name !== undefined)
    return passed(asking, variantOf(name, settings), path.slice(`/variants/${name}`.length));
  // A version that is asked for by its name is not one of several.
  if (isPost && !path.includes('/versions/')) return routed(request, parts, later);
  return passed(asking, settings.variants[settings.control], path);
}

function allowed({ http, key }: Settings): Response {
  const response = optionsOf(METHODS, http.cors);
  if (http.cors !== false) response.headers.append('access-control-allow-headers', `${key}, ${REQUEST_ID}`);
  return response;
}

function variantOf(name: string, { variants }: Settings): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found) return found;
  throw new HedgerowError('there is no such variant. GET /router lists them.', 'not_found');
}

/** Asks one variant, and counts nothing. */
async function passed(
  { request, parts }: Asking,
  variant: Variant | undefined,
  path: string,
): Promise<Response> {
  if (!variant) throw new RangeError('a variant is asked for that there is not');
  const { maxBytes } = parts.settings.http;
  const body = request.method === 'POST' ? await bytesOf(request, maxBytes) : undefined;
  const url = new URL(request.url);
  url.pathname = path;
  const asked = { ...askedOf(request, idOf(request), body), url: url.href };
  return responseOf(await ask(variant, asked), variant);
}

/** Which variants there are, which are killed and why, and where that is kept. */
async function state({ parts, keeping, later }: Asking): Promise<Response> {
  const { experiment: name, mode, variants } = parts.settings;
  await parts.ledger.flush();
  const { figures } = await keeping.store().summary();
  const killed = await parts.switch.killed(later);
  const told = variants.map(({ name, weight, control }) => ({
    name,
    weight,
    control,
    killed: killed?.get(name) ?? null,
    ...figures[name],
  }));
  return json({ experiment: name, mode, kept: keeping.kind, variants: told });
}

/** `{"kill": "NAME"}` or `{"restore": "NAME"}`, a list of names, or `"all"`. */
async function turn(asking: Asking): Promise<Response> {
  const { request, parts } = asking;
  const { http, variants, kill: fixed } = parts.settings;
  if (http.token === undefined) {
    throw new HedgerowError(
      'variants can be killed by who brings the token, and there is none. Set one.',
      'no_token',
    );
  }
  mediaTypeOf(request, [JSON_TYPE]);
  const body = parseJson(await textOf(request, http.maxBytes));
  const [[act, given] = [], ...more] = isDictionary(body) ? Object.entries(body) : [];
  if ((act !== 'kill' && act !== 'restore') || more.length > 0)
    throw bad('the body must be an object with kill or restore. Give it one of them');
  const names = namesOf((Array.isArray(given) ? given : [given]).map(String), variants);
  const kept = act === 'restore' ? names.find((name) => fixed.includes(name)) : undefined;
  if (kept !== undefined)
    throw new HedgerowError(`the variant ${kept} is killed by an option. Change that.`, 'bad_option');
  await parts.switch.set(names, act === 'kill' ? 'request' : undefined);
  return state(asking);
}

/** What `hedgerow ab compare` takes. */
async function experiment({ parts, keeping }: Asking): Promise<Response> {
  const { mode, variants, control } = parts.settings;
  if (mode === 'shadow') {
    throw new HedgerowError(
      'all units are answered by the control, so there is nothing to compare. GET /router has how shadows differ.',
      'no_experiment',
    );
  }
  await parts.ledger.flush();
  const { arms } = await keeping.store().summary();
  return json({
    variants: Object.fromEntries(variants.map(({ name }, place) => [name, arms[place]])),
    weights: Object.fromEntries(variants.map(({ name, weight }) => [name, weight])),
    control: variants[control]?.name,
  });
}

async function metrics({ parts, keeping, later }: Asking): Promise<string> {
  await parts.ledger.flush();
  const killed = await parts.switch.killed(later);
  return routerMetrics(parts.settings, await keeping.store().summary(), killed ?? new Map());
}
