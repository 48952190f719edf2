/** The exported module, running beside the model that it was made of. */
import type { Column, Description, Feature } from 'hedgerow/edge';
import { typicalValue } from '../lib/fields.ts';
import { answerOf, predictedRow, type RowAnswer } from './answers.ts';
import type { Args } from './calls.ts';
import type { Cell, Tried } from './protocol.ts';
import { Refusal, type Started, session, theModel } from './session.ts';

/** Starts a model's module, on the clock; `tryRow` asks it from then on. One that runs already is not measured
 * again: the engine still has it compiled. */
export async function started(bytes: Uint8Array<ArrayBuffer>, name: string | null): Promise<Started> {
  const model = theModel();
  const of = `${model.sha256} ${name}`;
  if (session.started?.of === of) return session.started;
  const { createHandler, Scorer } = await import('hedgerow/edge');
  const typical = model.info.schema.features.map((field) => [field.name, typicalValue(field)] as const);
  const begun = performance.now();
  // Not the asynchronous one: what else the worker does meanwhile would count.
  const module = new WebAssembly.Module(bytes);
  const compiled = performance.now();
  const scorer = Scorer.from(module);
  const instantiated = performance.now();
  scorer.score(columnsOf(scorer.description, Object.fromEntries(typical)), 1);
  const answered = performance.now();
  const start = {
    compile: compiled - begun,
    instantiate: instantiated - compiled,
    answer: answered - instantiated,
  };
  session.started = { of, scorer, handler: createHandler(scorer), start };
  return session.started;
}

/** A row as the scorer takes it. */
function columnsOf({ features }: Description, row: Record<string, Cell>): Column[] {
  return features.map(({ name, kind }) => {
    const value = row[name] ?? null;
    if (kind === 'category' || kind === 'text') return [value === null ? null : String(value)];
    return Float64Array.of(value === null ? Number.NaN : Number(value));
  });
}

function theStarted(): Started {
  if (session.started) return session.started;
  throw new Refusal('not_started', 'The exported module has not been started. Choose a target.');
}

export async function tryRow({ row }: Args<'tryRow'>): Promise<Tried> {
  const { scorer } = theStarted();
  const model = theModel();
  const { values, classes } = scorer.score(columnsOf(scorer.description, row), 1);
  const answer: RowAnswer = { values: [...values], code: classes[0] ?? 0 };
  return {
    predicted: predictedRow(model.info, answer),
    same: isSame(answer, answerOf(model, row)),
    http: await overHttp(row),
  };
}

function isSame(one: RowAnswer, other: RowAnswer): boolean {
  const bits = ({ values, code }: RowAnswer) => new Uint8Array(Float64Array.of(...values, code).buffer);
  return bits(one).join() === bits(other).join();
}

const PATH = '/invocations';

/** The row as a request, answered by the service as its files have it. */
async function overHttp(row: Record<string, Cell>): Promise<Tried['http']> {
  const { scorer, handler } = theStarted();
  const record = Object.fromEntries(
    scorer.description.features.map((feature) => [feature.name, asJson(feature, row)]),
  );
  const body = JSON.stringify({ dataframe_records: [record] });
  const response = await handler(
    new Request(new URL(PATH, 'http://localhost'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    }),
  );
  return { path: PATH, body, status: response.status, answer: await response.text() };
}

/** Dates are ISO 8601 strings over HTTP. */
function asJson({ name, kind }: Feature, row: Record<string, Cell>): Cell {
  const value = row[name] ?? null;
  return kind === 'date' && value !== null ? new Date(Number(value)).toISOString() : value;
}
