/** Calls about what takes a watched model's place: trained as it was, on new rows. */
import type { Model, Split, Table, TrainOptions } from 'hedgerow';
import {
  challengerOptions,
  holdOut,
  LEAST_ROWS,
  labelledReading,
  notTrainable,
  type RunRecipe,
  readingOf,
} from '../lib/challenger.ts';
import type { Answer, Args } from './calls.ts';
import { declarationOf, recipeOf, theChampion } from './champion.ts';
import type { Context } from './handlers.ts';
import { library, monitoring } from './library.ts';
import type { Challenged } from './protocol.ts';
import type { Recording } from './recording.ts';
import { logReport, recordChallenger } from './records.ts';
import { type Champion, Refusal, session } from './session.ts';

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
    const { judgement } = found;
    const tags = tagsOf(champion, judgement);
    session.challenger = { model, run: run.id, champion, tags, reason: judgement.reason };
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
    read: labelledReading(info, readingOf(info, recipe)),
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

/** The rows that have a target, read as the champion's were. */
async function labelledRows(
  source: Blob,
  { model: { info } }: Champion,
  recipe: RunRecipe | null,
  context: Context,
): Promise<Pick<Prepared, 'rows' | 'withoutTarget'>> {
  const { Table } = await library();
  const { csv, drop, dropMissing, dropMissingIn } = readingOf(info, recipe);
  const { signal } = context;
  const onProgress = ({ done }: { done: number }) =>
    context.progress({ phase: 'read', done, total: source.size });
  const steps: ((table: Table) => Table)[] = [
    ...(drop.length > 0 ? [(table: Table) => table.drop(drop)] : []),
    ...(dropMissingIn.length > 0 ? [(table: Table) => table.dropMissing(dropMissingIn)] : []),
    ...(dropMissing ? [(table: Table) => table.dropMissing()] : []),
  ];
  const read = inPlace(await Table.fromCsv(source, { ...csv, signal, onProgress }), steps);
  const all = read.numRows;
  const rows = inPlace(read, [(table) => table.dropMissing([info.schema.target.name])]);
  checkNumber(rows, info);
  return { rows, withoutTarget: all - rows.numRows };
}

/** What steps make of a table; what each began with is freed. */
function inPlace(table: Table, steps: readonly ((table: Table) => Table)[]): Table {
  return steps.reduce((last, step) => {
    try {
      return step(last);
    } finally {
      last.free();
    }
  }, table);
}

function checkNumber(rows: Table, info: Champion['model']['info']): void {
  const { testSize } = holdOut(info);
  if (Math.floor(rows.numRows * testSize) >= LEAST_ROWS) return;
  const least = Math.floor(LEAST_ROWS / testSize) + 1;
  throw new Refusal(
    'too_few_rows',
    `There are ${rows.numRows} new rows with a target, but at least ${least} are needed. Wait for more.`,
  );
}

/** As the command line says it of its challengers. */
function ended(
  run: Recording,
  champion: Champion,
  judgement: Challenged['judgement'],
  report: Challenged['challenger'],
): void {
  logReport(run, report);
  void run.setTags(tagsOf(champion, judgement));
  void run.logArtifact('verdict.json', JSON.stringify(judgement, null, 2));
  run.finish();
}

/** What is said of the challenger's run and version. */
function tagsOf({ called }: Champion, judgement: Challenged['judgement']): Record<string, string> {
  const { metric, gain, promote } = judgement;
  const tags = { champion: called, metric, gain: String(gain), promote: String(promote) };
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`hedgerow.retrain.${name}`, value]));
}
