/** A request to predict, on its way to a variant and back. */
import { bytesOf } from '../body.js';
import { idOf, REQUEST_ID } from '../request-id.js';
import type { List } from '../shapes.js';
import { assignedOf, type Unit, unitOf } from './assign.js';
import type { Ledger } from './ledger.js';
import type { Settings, Variant } from './options.js';
import { predictionsOf } from './predictions.js';
import type { Shadows } from './shadow.js';
import type { Switch } from './switch.js';
import { type Answered, type Asked, ask, askedOf, responseOf } from './variants.js';

/** What a router works with. */
export interface Parts {
  settings: Settings;
  ledger: Ledger;
  shadows: Shadows;
  switch: Switch;
}

/** Is told of what is still to be done after an answer. */
export type Later = (done: Promise<void>) => void;

/** Bytes of predictions that are kept of a request for its labels. */
const PREDICTIONS = 2_048;

/** Seconds in a year. */
const COOKIE_AGE = 31_536_000;

/** The variant of a request. */
interface Assigned {
  unit: Unit;
  /** By its index. */
  variant: number;
  /** Whether the unit counts. */
  counts: boolean;
  killed: boolean;
}

/** Answers a request to predict by the variant of its unit, or by the control where that fails. */
export async function routed(request: Request, parts: Parts, later: Later): Promise<Response> {
  const { settings, ledger } = parts;
  const id = idOf(request);
  const { key, isNew } = keyOf(request, id, settings);
  const assigned = await assign(key, parts, later);
  const asked = askedOf(request, id, await bytesOf(request, settings.http.maxBytes));
  const unit = assigned.counts ? assigned.unit.id : undefined;
  const expose = () => unit !== undefined && ledger.expose(unit, assigned.variant);
  const { variant, answered } = await answer(asked, assigned, parts, later).catch((error: unknown) => {
    expose();
    throw error;
  });
  const predictions = predictionsOf(answered);
  // A request that is wrong says nothing of who was asked; one that nobody could answer does.
  if (answered.status < 400 || answered.status >= 500) expose();
  if (answered.status < 500) ledger.count(variant.name, 'answered');
  if (answered.status < 400) {
    const rows = predictions?.length ?? 1;
    ledger.keep({ id, unit, variant: variant.name, rows, predictions: short(predictions) });
  }
  if (settings.mode === 'shadow') copy(asked, predictions, parts, later);
  const response = responseOf(answered, variant);
  response.headers.set(REQUEST_ID, id);
  response.headers.set('access-control-expose-headers', `${REQUEST_ID}, x-hedgerow-variant`);
  if (isNew) response.headers.append('set-cookie', cookieOf(request, key, settings));
  return response;
}

/** By the header, or the cookie, or by the request alone, which the cookie then names for those to come. */
function keyOf(request: Request, id: string, { key, cookie }: Settings): { key: string; isNew: boolean } {
  const named = request.headers.get(key);
  if (named) return { key: named, isNew: false };
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  if (cookie === false) return { key: id, isNew: false };
  const known = cookies.find((pair) => pair.startsWith(`${cookie}=`))?.slice(`${cookie}=`.length);
  return known ? { key: known, isNew: false } : { key: encodeURIComponent(id), isNew: true };
}

/** As long as nobody knows what is killed, the control answers; and while anything is, no unit counts. */
async function assign(key: string, { settings, switch: own }: Parts, later: Later): Promise<Assigned> {
  const unit = unitOf(settings.experiment, key);
  const killed = await own.killed(later);
  const weights = settings.variants.map(({ weight }) => weight);
  const isSplit = settings.mode === 'split';
  const variant = isSplit ? assignedOf(unit.place, weights, settings.control) : settings.control;
  const name = settings.variants[variant]?.name ?? '';
  return { unit, variant, counts: isSplit && killed?.size === 0, killed: !killed || killed.has(name) };
}

async function answer(
  asked: Asked,
  { variant: index, killed }: Assigned,
  { settings, ledger, switch: own }: Parts,
  later: Later,
): Promise<{ variant: Variant; answered: Answered }> {
  const { variants, control: place, timeout } = settings;
  const [variant, control] = [variants[index], variants[place]];
  if (!variant || !control) throw new RangeError('a variant is assigned that there is not');
  ledger.count(variant.name, 'assigned');
  if (killed || variant === control)
    return { variant: control, answered: await byControl(asked, control, ledger) };
  const judge = (isFailure: boolean) => {
    own.judge(variant.name, isFailure, later);
    if (isFailure) ledger.count(variant.name, 'failed');
  };
  const answered = await ask(variant, asked, timeout).catch(() => undefined);
  if (answered && answered.status < 400) {
    judge(false);
    return { variant, answered };
  }
  if (answered && answered.status < 500) {
    // What both refuse is wrong; what the control takes must not be refused for the variant's sake.
    const instead = await byControl(asked, control, ledger).catch(() => undefined);
    const isTaken = instead !== undefined && instead.status < 400;
    judge(isTaken);
    return isTaken ? { variant: control, answered: instead } : { variant, answered };
  }
  judge(true);
  return { variant: control, answered: await byControl(asked, control, ledger) };
}

async function byControl(asked: Asked, control: Variant, ledger: Ledger): Promise<Answered> {
  try {
    const answered = await ask(control, asked);
    if (answered.status >= 500) ledger.count(control.name, 'failed');
    return answered;
  } catch (error) {
    ledger.count(control.name, 'failed');
    throw error;
  }
}

/** What is killed gets no copies, either. */
function copy(
  asked: Asked,
  predictions: List | undefined,
  { settings, shadows, switch: own }: Parts,
  later: Later,
): void {
  for (const variant of settings.variants) {
    if (variant.control || variant.weight === 0) continue;
    later(
      own
        .killed(() => undefined)
        .then((killed) =>
          killed?.has(variant.name) === false ? shadows.copy(variant, asked, predictions) : undefined,
        ),
    );
  }
}

/** Predictions, where they are few enough to be kept. */
function short(predictions: List | undefined): List | undefined {
  return predictions && JSON.stringify(predictions).length <= PREDICTIONS ? predictions : undefined;
}

function cookieOf(request: Request, key: string, { cookie }: Settings): string {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : '';
  return `${cookie}=${key}; Path=/; Max-Age=${COOKIE_AGE}; HttpOnly; SameSite=Lax${secure}`;
}
