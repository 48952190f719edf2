/** Routers in this process, whose variants answer what a test wants. */
import {
  createRouter,
  type Handler,
  type Keeping,
  memoryBacking,
  type Router,
  type RouterOptions,
  Store,
  type StoreOptions,
  type Variant,
} from 'hedgerow/edge/router';
import { json, post, url } from './requests.js';

/** A variant that predicts the same of every request. */
export function says(...predictions: unknown[]): Handler {
  return async () => Response.json({ predictions });
}

/** A variant that fails. */
export const fails: Handler = async () => Response.json({ error: 'broken' }, { status: 500 });

/** Where routers keep what they count, as Durable Objects do for many workers. */
export function keeping(
  variants = 2,
  options: StoreOptions = {},
  backing = memoryBacking(),
): Keeping & { all: Store } {
  const all = new Store(backing, variants, options);
  return { store: () => all, kind: 'memory', all };
}

export const A = (to: Variant['to'] = says('a'), weight = 0.5): Variant => ({
  name: 'A',
  weight,
  control: true,
  to,
});
export const B = (to: Variant['to'] = says('b'), weight = 0.5): Variant => ({ name: 'B', weight, to });

/** A router's token, and how requests bring it. */
export const TOKEN = { token: 's3cret' };
export const authorization = { authorization: 'Bearer s3cret' };

/** All units are B's, as long as it answers. */
export const onlyB = (to: Handler): Variant[] => [A(says('a'), 0), B(to, 1)];

/** A variant that takes its time. */
export const slow =
  (milliseconds: number, predictions: unknown[] = ['b']): Handler =>
  async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return Response.json({ predictions });
  };

/** Runs what a router does after its answers. */
export function waiting() {
  const done: Promise<unknown>[] = [];
  return { waitUntil: (promise: Promise<unknown>) => void done.push(promise), all: () => Promise.all(done) };
}

/** A router of A, the control, and B. */
export function router(
  options: Partial<RouterOptions> = {},
  kept: Keeping = keeping(options.variants?.length),
): Router {
  return createRouter({ variants: [A(), B()], experiment: 'flights-1', ...options }, kept);
}

/** Asks for a unit; which variant answered. */
export async function variantOf(
  { handle }: Router,
  unit: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await handle(ask(unit, headers));
  await response.arrayBuffer();
  return response.headers.get('x-hedgerow-variant') ?? String(response.status);
}

export const ask = (unit: string, headers: Record<string, string> = {}) =>
  post('/invocations', { dataframe_records: [{}] }, { 'x-hedgerow-unit': unit, ...headers });

export const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(url(path), { headers });

export const units = (many: number) => Array.from({ length: many }, (_, unit) => `unit-${unit}`);

/** What `GET /experiment` tells. */
export interface Told {
  variants: Record<string, { n: number; successes?: number; sum?: number; sumSquares?: number }>;
  weights: Record<string, number>;
  control: string;
}

export const experimentOf = ({ handle }: Router) => json<Told>(handle(get('/experiment')));

/** What `GET /router` tells. */
export interface State {
  experiment: string;
  mode: string;
  kept: string;
  variants: ({ name: string; weight: number; control: boolean; killed: string | null } & Record<
    string,
    number
  >)[];
}

export async function stateOf(
  { handle }: Router,
  headers: Record<string, string> = {},
): Promise<Record<string, State['variants'][number]>> {
  const { variants } = await json<State>(handle(get('/router', headers)));
  return Object.fromEntries(variants.map((variant) => [variant.name, variant]));
}

/** Results of requests; what became of each. */
export async function tell(
  { handle }: Router,
  feedback: readonly object[],
): Promise<{ status: string; code?: string; variant?: string }[]> {
  return (
    await json<{ feedback: { status: string; code?: string }[] }>(handle(post('/feedback', { feedback })))
  ).feedback;
}
