/** Calls about what takes a watched model's place: trained as it was, on new rows. */
import type { Declaration, Model, Split, Table, TrainOptions } from 'hedgerow';
import type { Version } from 'hedgerow/track';
import {
  challengerOptions,
  holdOut,
  LEAST_ROWS,
  notTrainable,
  type RunRecipe,
  readingOf,
} from '../lib/challenger.ts';
import type { Context } from './handlers.ts';
import { library, monitoring } from './library.ts';
import type { Answer, Args, Challenged } from './protocol.ts';
import type { Recording } from './recording.ts';
import { logReport, recordChallenger } from './records.ts';
import { Refusal, session } from './session.ts';
import { csvOptions } from './tables.ts';
import { theWorkspace } from './workspace.ts';

type Champion = NonNullable<typeof session.champion>;

function theChampion(): Champion {
  if (session.champion) return session.champion;
  throw new Refusal('not_watched', 'No model is watched yet. Choose one.');
}

/** What the run of a model was asked for, where it is known. */
async function recipeOf({ run }: Champion): Promise<RunRecipe | null> {
  if (run === null) return null;
  try {
    return (await (await theWorkspace()).recipe(run)) as RunRecipe | null;
  } catch {
    // A model may outlive its run.
    return null;
  }
}

async function declarationOf({ model }: Champion): Promise<Declaration | undefined> {
  const { learners } = await library();
  const { kind } = model.info.provenance.learner;
  return (await learners()).find((declared) => declared.kind === kind);
}

export async function challengeable(): Promise<Answer<'challengeable'>> {
  const champion = theChampion();
  const [declared, recipe] = [await declarationOf(champion), await recipeOf(champion)];
  return { reason: notTrainable(champion.model.info, declared, recipe), recipe };
}

/** A champion with all that a challenger of it is made by. */
interface Prepared {
  champion: Champion;
  recipe: RunRecipe | null;
  options: TrainOptions;
  /** The new rows with a target, and how many have none. */
  rows: Table;
  withoutTarget: number;
}

export async function challenge(
  { name, source, rule }: Args<'challenge'>,
  context: Context,
): Promise<Challenged> {
  const prepared = await prepare(source, context);
  const { champion, rows, withoutTarget } = prepared;
  const { checkRows } = await monitoring();
  await checkRows(champion.model, rows, { signal: context.signal });
  const parts = rows.split(holdOut(champion.model.info));
  try {
    const trainedOn = parts.train.numRows;
    const { model, run } = await trained(prepared, parts, name, context);
    const found = await judged(champion, model, parts.test, { run, rule, context });
    session.challenger = { model, run: run.id };
    const { sha256 } = model;
    return { ...found, sha256, trainedOn, withoutTarget, run: await run.id, registered: champion.registered };
  } finally {
    parts.train.free();
    parts.test.free();
  }
}

async function prepare(source: Blob, context: Context): Promise<Prepared> {
  const champion = theChampion();
  const { info } = champion.model;
  const [declared, recipe] = [await declarationOf(champion), await recipeOf(champion)];
  const reason = notTrainable(info, declared, recipe);
  if (reason !== null || !declared) throw new Refusal('no_recipe', reason ?? '');
  const options = challengerOptions(info, declared, recipe);
  return { champion, recipe, options, ...(await labelledRows(source, champion, recipe, context)) };
}

/** With a profile where the champion has one. */
async function trained(
  { champion, recipe, options, rows }: Prepared,
  parts: Split,
  name: string,
  context: Context,
): Promise<{ model: Model; run: Recording }> {
  const { train, recipe: complete } = await library();
  const { info } = champion.model;
  const run = recordChallenger({ name, table: rows, champion: champion.called }, () => ({
    ...complete(rows, { ...options, ...(info.profiled && { profile: true }) }),
    split: holdOut(info),
    read: { csv: readOptions(info, recipe), dropMissingIn: [info.schema.target.name] },
  }));
  const model = await train(parts.train, {
    ...options,
    ...(info.profiled && { profile: { heldOut: parts.test } }),
    signal: context.signal,
    onProgress: (progress) => context.progress(progress),
    run,
  });
  return { model, run };
}

/** Both on the same rows; the run ends with it. */
async function judged(
  champion: Champion,
  model: Model,
  rows: Table,
  { run, rule, context }: { run: Recording; rule: Args<'challenge'>['rule']; context: Context },
): Promise<Pick<Challenged, 'judgement' | 'champion' | 'challenger'>> {
  const { judge } = await monitoring();
  const { signal } = context;
  context.progress({ phase: 'evaluate', done: 0, total: 1 });
  try {
    const judgement = await judge(champion.model, model, rows, { ...rule, signal });
    const of = (one: Model) => one.evaluate(rows, { importance: false, signal });
    const [first, second] = [await of(champion.model), await of(model)];
    ended(run, champion, judgement, second);
    return { judgement, champion: first, challenger: second };
  } catch (error) {
    run.fail(error, signal.aborted);
    throw error;
  }
}

function readOptions(info: Champion['model']['info'], recipe: RunRecipe | null) {
  const { kinds, ...reading } = readingOf(info, recipe);
  return { ...csvOptions(reading), kinds };
}

/** The rows that have a target, read as the champion's were. */
async function labelledRows(
  source: Blob,
  { model: { info } }: Champion,
  recipe: RunRecipe | null,
  context: Context,
): Promise<Pick<Prepared, 'rows' | 'withoutTarget'>> {
  const { Table } = await library();
  const table = await Table.fromCsv(source, {
    ...readOptions(info, recipe),
    signal: context.signal,
    onProgress: ({ done }) => context.progress({ phase: 'read', done, total: source.size }),
  });
  try {
    const rows = table.dropMissing([info.schema.target.name]);
    const { testSize } = holdOut(info);
    if (Math.floor(rows.numRows * testSize) < LEAST_ROWS) {
      const least = Math.floor(LEAST_ROWS / testSize) + 1;
      throw new Refusal(
        'too_few_rows',
        `There are ${rows.numRows} new rows with a target, but at least ${least} are needed. Wait for more.`,
      );
    }
    return { rows, withoutTarget: table.numRows - rows.numRows };
  } finally {
    table.free();
  }
}

/** As the command line says it of its challengers. */
function ended(
  run: Recording,
  { called }: Champion,
  judgement: Challenged['judgement'],
  report: Challenged['challenger'],
): void {
  logReport(run, report);
  const { metric, gain, promote } = judgement;
  const tags = { champion: called, metric, gain: String(gain), promote: String(promote) };
  const named = Object.entries(tags).map(([name, value]) => [`hedgerow.retrain.${name}`, value]);
  void run.setTags(Object.fromEntries(named));
  void run.logArtifact('verdict.json', JSON.stringify(judgement, null, 2));
  run.finish();
}

export async function registerChallenger({ name, reason }: Args<'registerChallenger'>): Promise<Version> {
  const { model, run } = theChallenger();
  const workspace = await theWorkspace();
  const id = await run;
  const made =
    id === null
      ? await workspace.register({ name }, model.save())
      : await workspace.register({ name, run: id });
  if (reason !== null) await workspace.promote(name, made.version, 'champion', reason);
  return made;
}

export function challengerFile(): Blob {
  return new Blob([theChallenger().model.save().slice()]);
}

function theChallenger() {
  if (session.challenger) return session.challenger;
  throw new Refusal('no_challenger', 'There is no challenger any more. Train one again.');
}
