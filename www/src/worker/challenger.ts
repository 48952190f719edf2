/** Calls about what takes a watched model's place: trained as it was, on new rows. */
import type { Declaration, Model, Table } from 'hedgerow';
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

export async function challenge(
  { name, source, rule }: Args<'challenge'>,
  context: Context,
): Promise<Challenged> {
  const champion = theChampion();
  const { info } = champion.model;
  const [declared, recipe] = [await declarationOf(champion), await recipeOf(champion)];
  const reason = notTrainable(info, declared, recipe);
  if (reason !== null || !declared) throw new Refusal('no_recipe', reason ?? '');
  const { all, rows } = await labelledRows(source, champion, recipe, context);
  const options = challengerOptions(info, declared, recipe);
  const { Model: _, train, recipe: complete } = await library();
  const { judge, checkRows } = await monitoring();
  const { signal } = context;
  await checkRows(champion.model, rows, { signal });
  const split = holdOut(info);
  const parts = rows.split(split);
  const profile = session.monitor ? { profile: { heldOut: parts.test } } : {};
  const run = recordChallenger({ name, table: rows, champion: champion.called }, () => ({
    ...complete(rows, { ...options, ...(session.monitor && { profile: true }) }),
    split,
    read: { csv: readOptions(info, recipe), dropMissingIn: [info.schema.target.name] },
  }));
  const model = await train(parts.train, {
    ...options,
    ...profile,
    signal,
    onProgress: (progress) => context.progress(progress),
    run,
  });
  context.progress({ phase: 'evaluate', done: 0, total: 1 });
  try {
    const judgement = await judge(champion.model, model, parts.test, { ...rule, signal });
    const of = (one: Model) => one.evaluate(parts.test, { importance: false, signal });
    const [first, second] = [await of(champion.model), await of(model)];
    ended(run, champion, judgement, second);
    session.challenger = { model, run: run.id };
    return {
      judgement,
      champion: first,
      challenger: second,
      sha256: model.sha256,
      trainedOn: parts.train.numRows,
      withoutTarget: all - rows.numRows,
      run: await run.id,
      registered: champion.registered,
    };
  } catch (error) {
    run.fail(error, signal.aborted);
    throw error;
  }
}

function readOptions(info: Champion['model']['info'], recipe: RunRecipe | null) {
  const { kinds, ...reading } = readingOf(info, recipe);
  return { ...csvOptions(reading), kinds };
}

/** The rows that have a target, read as the champion's were, and how many there are in all. */
async function labelledRows(
  source: Blob,
  { model: { info } }: Champion,
  recipe: RunRecipe | null,
  context: Context,
): Promise<{ all: number; rows: Table }> {
  const { Table } = await library();
  const table = await Table.fromCsv(source, {
    ...readOptions(info, recipe),
    signal: context.signal,
    onProgress: ({ done }) => context.progress({ phase: 'read', done, total: source.size }),
  });
  const rows = table.dropMissing([info.schema.target.name]);
  const { testSize } = holdOut(info);
  if (Math.floor(rows.numRows * testSize) < LEAST_ROWS) {
    const least = Math.floor(LEAST_ROWS / testSize) + 1;
    throw new Refusal(
      'too_few_rows',
      `There are ${rows.numRows} new rows with a target, but at least ${least} are needed. Wait for more.`,
    );
  }
  return { all: table.numRows, rows };
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
