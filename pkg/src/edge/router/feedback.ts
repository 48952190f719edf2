/** What came of predictions: to the variant that made them, and into the experiment. */
import { JSON_TYPE, mediaTypeOf, parseJson, textOf } from '../body.js';
import { shown } from '../refusal.js';
import { json } from '../reply.js';
import { bad, isDictionary, type List, listOf } from '../shapes.js';
import type { Parts } from './routed.js';
import type { Fate, Result, RouterStore } from './store.js';
import { ask, askedOf } from './variants.js';

/** What is wrong with a result, and what to do. */
const FATES: Readonly<Record<Exclude<Fate, 'counted'>, string>> = {
  unknown_id: 'no request of this id waits for results. Send the x-request-id of its answer.',
  unknown_row: 'the request had no such row. Count rows from 0.',
  repeated_label: 'the row has a result already, which stays.',
  bad_label:
    'this is no result of what was predicted. Send what is true of the row as its label, or a number or boolean as its outcome.',
  no_outcome:
    'nothing can be counted of this. Send an outcome, or labels of what was predicted as labels or numbers.',
};

/** A result, and what became of it so far: undefined where the experiment is still to be asked. */
interface Entry {
  result: Result | undefined;
  variant?: string;
  refusal?: { code: string; error: string };
  /** Whether the variant counts it. */
  isCounted?: boolean;
}

/** Answers `{ counted, feedback: [{ id, row, variant, status }] }`. */
export async function feedback(request: Request, parts: Parts, store: () => RouterStore): Promise<Response> {
  mediaTypeOf(request, [JSON_TYPE]);
  const body = parseJson(await textOf(request, parts.settings.http.maxBytes));
  if (!isDictionary(body)) throw bad('the body must be an object. Give it feedback');
  const entries = listOf(body.feedback, 'feedback').map((entry): Entry => ({ result: resultOf(entry) }));
  await parts.ledger.flush();
  await answered(entries, store());
  await Promise.all(parts.settings.variants.map(({ name }) => forward(request, name, entries, parts)));
  await joined(entries, store());
  const told = entries.map(toldOf);
  return json({ counted: told.filter(({ status }) => status === 'counted').length, feedback: told });
}

/** Without a row, it is the first. */
function resultOf(entry: unknown): Result | undefined {
  if (!isDictionary(entry)) return undefined;
  const { id, row = 0, label, outcome } = entry;
  if (typeof id !== 'string' || typeof row !== 'number' || !Number.isInteger(row) || row < 0)
    return undefined;
  return label === undefined && outcome === undefined ? undefined : { id, row, label, outcome };
}

async function answered(entries: readonly Entry[], store: RouterStore): Promise<void> {
  const asked = entries.filter(({ result }) => result);
  const variants = await store.answerers(asked.map(({ result }) => result?.id ?? ''));
  asked.forEach((entry, place) => {
    const variant = variants[place];
    if (variant === undefined) entry.refusal = { code: 'unknown_id', error: FATES.unknown_id };
    else entry.variant = variant;
  });
}

/**
 * Tells a variant the labels of what it answered, and shadows those of what they had copies of. Where it does not
 * answer, nothing is counted, so that it can be told again; where it records nothing, the experiment still does.
 */
async function forward(
  request: Request,
  name: string,
  entries: readonly Entry[],
  { settings }: Parts,
): Promise<void> {
  const variant = settings.variants.find((one) => one.name === name);
  const isShadow = settings.mode === 'shadow' && !variant?.control;
  const own = entries.filter(
    (entry) =>
      entry.variant !== undefined &&
      entry.result?.label !== undefined &&
      (isShadow || entry.variant === name),
  );
  if (!variant || own.length === 0 || (isShadow && variant.weight === 0)) return;
  const labels = own.map(({ result }) => ({ id: result?.id, row: result?.row, label: result?.label }));
  const asked = askedOf(
    request,
    crypto.randomUUID(),
    new TextEncoder().encode(JSON.stringify({ feedback: labels })),
  );
  asked.headers.set('content-type', JSON_TYPE);
  const answer = await ask(
    variant,
    { ...asked, url: new URL('/feedback', request.url).href },
    settings.timeout,
  ).catch(() => undefined);
  if (isShadow) return;
  const failed = !answer || answer.status >= 500;
  const fates = answer?.status === 200 ? fatesOf(answer.body) : [];
  own.forEach((entry, place) => {
    if (failed)
      entry.refusal = {
        code: 'variant_unavailable',
        error: `the variant ${name} does not answer. Try again later.`,
      };
    else Object.assign(entry, fates[place]);
  });
}

/** What a variant says of labels. That it does not know a request, as where it counts but some, is its own affair. */
function fatesOf(body: Uint8Array): Pick<Entry, 'refusal' | 'isCounted'>[] {
  return listIn(body).map((fate) => {
    if (!isDictionary(fate)) return {};
    const { status, code, error } = fate;
    const isWrong = code === 'bad_label' || code === 'unknown_class' || code === 'unknown_row';
    return { isCounted: status === 'counted', ...(isWrong && { refusal: { code, error: String(error) } }) };
  });
}

function listIn(body: Uint8Array): List {
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(body));
    return isDictionary(told) && Array.isArray(told.feedback) ? told.feedback : [];
  } catch {
    return [];
  }
}

async function joined(entries: readonly Entry[], store: RouterStore): Promise<void> {
  const left = entries.filter(({ result, refusal }) => result && !refusal);
  const fates = await store.join(left.flatMap(({ result }) => result ?? []));
  left.forEach((entry, place) => {
    const fate = fates[place] ?? 'unknown_id';
    // A label alone, of an experiment about outcomes.
    if (fate === 'counted' || (fate === 'no_outcome' && entry.isCounted)) return;
    entry.refusal = { code: fate, error: FATES[fate] };
  });
}

function toldOf({ result, variant, refusal }: Entry) {
  if (!result) {
    const error = 'this is no result. Send {"id": "…", "row": 0, "label": …} or {"id": "…", "outcome": …}.';
    return { status: 'refused', code: 'bad_request', error };
  }
  const at = { id: shown(result.id), row: result.row, variant };
  return refusal ? { ...at, status: 'refused', ...refusal } : { ...at, status: 'counted' };
}
