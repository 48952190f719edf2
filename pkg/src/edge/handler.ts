/** A model as an HTTP service. */
import { HedgerowError } from '../error.js';
import { allowOrigin, checkToken, optionsOf } from './guard.js';
import { metricsOf } from './metrics.js';
import { type HandlerOptions, type Settings, settingsOf } from './options.js';
import { refused, toRefusal } from './refusal.js';
import { type Route, routesOf } from './routes.js';
import { Scorer } from './scorer.js';

/** Of what a platform hands over beside a request: how to be told of what is done after the answer. */
export interface Context {
  waitUntil?(promise: Promise<unknown>): void;
}

/** Answers a request; it never rejects. */
export type Handler = (request: Request, context?: Context) => Promise<Response>;

/** A model of the package `hedgerow`: its exported module is made with the first request. */
export interface Compilable {
  compile(): Promise<WebAssembly.Module>;
}

/**
 * Makes a model a service: a function from requests to responses, as Cloudflare Workers, Deno, Bun and
 * Vercel's edge runtime take it, and as Node does with a few lines around it.
 *
 * It answers MLflow's scoring protocol (`POST /invocations`), the Open Inference Protocol (`/v2/…`), and
 * `/health`, `/ping`, `/version`, `/model`, `/openapi.json` and `/metrics`. What is wrong with a request
 * is said with a status of 400 and above as `{ error, code, field, row, value }`.
 *
 * @param model A scorer, or a `Model` of the package `hedgerow`.
 * @throws {HedgerowError} `bad_option`.
 */
export function createHandler(model: Scorer | Compilable, options: HandlerOptions = {}): Handler {
  const settings = settingsOf(options);
  return 'compile' in model ? compiledLater(model, settings) : handlerOf(model, settings);
}

/** Compiles with the first request; what failed is said, and tried again. */
function compiledLater(model: Compilable, settings: Settings): Handler {
  let handler: Promise<Handler> | undefined;
  return async (request, context) => {
    handler ??= model.compile().then((module) => handlerOf(Scorer.from(module), settings));
    try {
      return (await handler)(request, context);
    } catch (error) {
      handler = undefined;
      return refused(toRefusal(error));
    }
  };
}

function handlerOf(scorer: Scorer, settings: Settings): Handler {
  const metrics = metricsOf(scorer.description);
  const routes = routesOf(scorer, settings, metrics);
  return async (request, context) => {
    const begun = settings.now();
    const path = pathOf(request.url);
    const route = routes.get(path);
    const response = await answer(request, route, settings).catch((error: unknown) => {
      const refusal = toRefusal(error);
      metrics.failed(refusal.code);
      return refused(refusal);
    });
    if (response.status === 401) response.headers.set('www-authenticate', 'Bearer');
    if (response.status === 405 && route) response.headers.set('allow', allowed(route));
    allowOrigin(request, response, settings.cors);
    const due = settings.recording?.due();
    if (due) context?.waitUntil?.(due);
    // Whatever else is asked for counts as one path, or strangers would fill the memory.
    metrics.answered(route ? path : 'other', response.status, (settings.now() - begun) / 1_000);
    return response;
  };
}

async function answer(request: Request, route: Route | undefined, settings: Settings): Promise<Response> {
  const { method } = request;
  if (!route) throw new HedgerowError('nothing is here. GET /openapi.json lists what there is.', 'not_found');
  if (method === 'OPTIONS') return optionsOf(allowed(route), settings.cors);
  if (!route.isOpen) await checkToken(request, settings.token);
  if (method === 'POST' && route.POST) return route.POST(request, settings);
  if (method === 'GET' && route.GET) return route.GET(request, settings);
  if (method === 'HEAD' && route.GET) return withoutBody(await route.GET(request, settings));
  throw new HedgerowError(`this is not for ${method}. Use ${allowed(route)}.`, 'method_not_allowed');
}

function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}

/** The path without its escapes; one with broken escapes is no path of ours. */
function pathOf(url: string): string {
  const { pathname } = new URL(url);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function allowed({ GET, POST }: Route): string {
  return [...(GET ? ['GET', 'HEAD'] : []), ...(POST ? ['POST'] : []), 'OPTIONS'].join(', ');
}
