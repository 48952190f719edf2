/** Calls about the model. */
import type { Model, Table } from 'hedgerow';
import { splitOf } from '../lib/plan.ts';
import { fromPicture } from '../lib/tree.ts';
import { answerOf, predictedRow } from './answers.ts';
import type { Answer, Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { trainOptions } from './learners.ts';
import { library } from './library.ts';
import { predictions } from './predictions.ts';
import type { Cell, Evaluation, Importance, ModelFacts, PredictedRow, TreeFacts } from './protocol.ts';
import type { Recording } from './recording.ts';
import { logReport, recordTraining } from './records.ts';
import { modelFacts, Refusal, session, theModel, theTable } from './session.ts';
import { forget, keep } from './store.ts';
import { cell } from './tables.ts';

export async function train({ plan, read }: Args<'train'>, context: Context): Promise<Answer<'train'>> {
  const { train: fit, recipe } = await library();
  const table = theTable();
  const split = splitOf(plan);
  const parts = split && table.split(split);
  const run = recordTraining(plan, read, recipe);
  const model = await fit(parts?.train ?? table, {
    ...trainOptions(plan),
    ...plan.adjustment,
    ...(plan.profile && { profile: parts ? { heldOut: parts.test } : true }),
    signal: context.signal,
    onProgress: (progress) => context.progress(progress),
    run,
  });
  if (!parts) {
    run.finish();
    session.tested = undefined;
    void forget('evaluation');
    return { model: become(model), evaluation: null, run: await run.id };
  }
  const evaluation = await test(model, parts.test, run, context);
  session.tested = parts.test;
  const facts = become(model);
  void keep('evaluation', { evaluation, split, table: table.sha256 });
  return { model: facts, evaluation, run: await run.id };
}

/** What the model is worth on rows kept back; its run ends with it. */
async function test(model: Model, rows: Table, run: Recording, context: Context): Promise<Evaluation> {
  context.progress({ phase: 'evaluate', done: 0, total: 1 });
  try {
    const report = await model.evaluate(rows, { importance: false, signal: context.signal });
    logReport(run, report);
    run.finish();
    return { report, rows: rows.numRows, on: 'test' };
  } catch (error) {
    run.fail(error, context.signal.aborted);
    throw error;
  }
}

/** Makes a model the current one, and keeps it for the next visit. */
export function become(model: Model): ModelFacts {
  const bytes = model.save();
  session.model = model;
  session.started = undefined;
  void keep('model', bytes);
  return modelFacts(model, bytes.length);
}

export async function evaluate(_args: null, context: Context): Promise<Evaluation> {
  const table = theTable();
  const report = await theModel().evaluate(table, { importance: false, signal: context.signal });
  const evaluation: Evaluation = { report, rows: table.numRows, on: 'table' };
  session.tested = table;
  void keep('evaluation', { evaluation, split: null, table: table.sha256 });
  return evaluation;
}

export async function importance(_args: null, context: Context): Promise<Importance> {
  const table = session.tested ?? theTable();
  const report = await theModel().evaluate(table, {
    importance: 'permutation',
    signal: context.signal,
    onProgress: ({ done, total }) => context.progress({ phase: 'evaluate', done, total }),
  });
  if (report.importance) return report.importance;
  throw new Refusal('no_importance', 'Importance cannot be measured on these rows. Use more of them.');
}

export async function openModel({ source }: Args<'openModel'>): Promise<ModelFacts> {
  const { Model } = await library();
  const model = Model.load(new Uint8Array(await source.arrayBuffer()));
  session.tested = undefined;
  void forget('evaluation');
  return become(model);
}

/** Questions of a drawn tree, one after the other; what comes after is left out. */
const DEEPEST = 12;

export function tree({ index }: Args<'tree'>): TreeFacts {
  const model = theModel();
  const picture = model.tree(index, { maxDepth: DEEPEST });
  return {
    root: fromPicture(picture, model.info.schema.task.kind === 'classification'),
    text: model.treeText(index, { maxDepth: DEEPEST }),
  };
}

export function modelFile(): Blob {
  // A copy, which is sure not to be shared memory.
  return new Blob([theModel().save().slice()]);
}

export function predict({ row }: Args<'predict'>): PredictedRow {
  const model = theModel();
  return predictedRow(model.info, answerOf(model, row));
}

export function exampleRow({ seed }: Args<'exampleRow'>): Record<string, Cell> {
  const table = session.tested ?? theTable();
  const index = seed % table.numRows;
  const [row = {}] = table.toRows(index, index + 1);
  const names = theModel().info.schema.features.map((field) => field.name);
  return Object.fromEntries(names.map((name) => [name, cell(row[name] ?? null)]));
}

export async function predictTable(
  args: Args<'predictTable'>,
  context: Context,
): Promise<Answer<'predictTable'>> {
  const { Table } = await library();
  const model = theModel();
  const kinds = Object.fromEntries(model.info.schema.features.map((field) => [field.name, field.kind]));
  const table = await Table.fromCsv(args.source, { kinds, signal: context.signal });
  try {
    return { csv: predictions(model, table), rows: table.numRows };
  } finally {
    table.free();
  }
}
