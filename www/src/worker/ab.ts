/** Calls about A/B tests. */
import type { Table } from 'hedgerow';
import type { Counted, Experiment } from 'hedgerow/monitor';
import { guessedColumns, type UnitColumns } from '../lib/experiment.ts';
import type { Answer, Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { library, monitoring } from './library.ts';
import type { AbColumn, AbFile, AbTest } from './protocol.ts';
import { Refusal } from './session.ts';

/** Words of a column at most that one chooses from, as many as there can be variants. */
const MOST_WORDS = 20;

export async function abFile({ name, source, by }: Args<'abFile'>, context: Context): Promise<AbFile> {
  if (/\.json$/i.test(name)) {
    return { columns: null, by: null, counted: { counts: await countsIn(source), leftOut: 0 } };
  }
  const { Table } = await library();
  const { signal } = context;
  const table = await Table.fromCsv(source, {
    signal,
    onProgress: ({ done }) => context.progress({ phase: 'read', done, total: source.size }),
  });
  try {
    const columns = columnsOf(table);
    const chosen = by ?? guessedColumns(columns);
    return { columns, by: chosen, counted: chosen && (await counted(table, chosen, signal)) };
  } finally {
    table.free();
  }
}

async function countsIn(source: Blob): Promise<Experiment> {
  const { mergeCounts } = await monitoring();
  try {
    return await mergeCounts([JSON.parse(await source.text())]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal('bad_experiment', `This file is no JSON: ${error.message}. Give counts, or a CSV.`);
  }
}

async function counted(table: Table, by: UnitColumns, signal: AbortSignal): Promise<Counted> {
  const { countVariants } = await monitoring();
  const { variant, outcome, success, covariate } = by;
  const more = { ...(success !== null && { success }), ...(covariate !== null && { covariate }) };
  return countVariants(table, { variant, outcome, ...more }, { signal });
}

function columnsOf(table: Table): AbColumn[] {
  return table.schema.map(({ name, kind }) => ({ name, kind, words: wordsOf(table, name) }));
}

/** In their order in the table's dictionary; none where there are many, or they are no words. */
function wordsOf(table: Table, name: string): string[] {
  const column = table.column(name);
  if (column.kind !== 'category' && column.kind !== 'text') return [];
  return column.categories.length > MOST_WORDS ? [] : [...column.categories].sort();
}

export async function abService({ url, token }: Args<'abService'>, { signal }: Context): Promise<Experiment> {
  const { fetchExperiment } = await monitoring();
  return fetchExperiment(url, { ...(token !== '' && { token }), signal });
}

export async function abCompare({ counts, control, weights, options }: AbTest): Promise<Answer<'abCompare'>> {
  const { compareVariants, mergeCounts } = await monitoring();
  const sum = await mergeCounts(counts);
  const own = {
    ...(control !== null && { control }),
    ...(Object.keys(weights).length > 0 && { weights }),
  };
  const all = { ...own, ...sum };
  return { counts: all, report: await compareVariants(all, options) };
}

export async function abPlan(options: Args<'abPlan'>): Promise<Answer<'abPlan'>> {
  return (await monitoring()).planExperiment(options);
}
