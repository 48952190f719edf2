/** Models of twenty features that record, and rows for them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Column, Scorer, type Scores } from 'hedgerow/edge';
import { succeed } from '../../package/support/run.js';
import { cli } from './exports.js';

export const ROWS = 4_000;
const FEATURES = 20;

type Rows = readonly (string | number)[][];

/** The same numbers each time, between 0 and 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows with so many words, and numbers that are all different: the most that there is to count. */
export function table(words: number, target: (row: number) => string): { rows: Rows; csv: string } {
  const random = randomOf(7);
  const cell = (column: number) =>
    column < words ? `word${Math.floor(random() ** 3 * 40)}` : random() * 1_000 - 500;
  const rows = Array.from({ length: ROWS }, () =>
    Array.from({ length: FEATURES }, (_, column) => cell(column)),
  );
  const names = Array.from({ length: FEATURES }, (_, column) => `x${column}`);
  const lines = rows.map((row, index) => [...row, target(index)].join(','));
  return { rows, csv: [[...names, 'y'].join(','), ...lines, ''].join('\n') };
}

/** A tree of rows, exported into a folder: its scorer, and the module of its recorder. */
export async function exported(folder: string, name: string, csv: string) {
  const hedgerow = (...args: string[]) => succeed(cli, args, folder);
  await writeFile(join(folder, `${name}.csv`), csv);
  const learner = ['--learner', 'decision-tree', '--jobs', '1'];
  await hedgerow('train', `${name}.csv`, '--target', 'y', ...learner, '--out', `${name}.model`);
  await hedgerow('export', `${name}.model`, '--to', 'node', '--out', name);
  const compiled = async (file: string) => WebAssembly.compile(await readFile(join(folder, name, file)));
  const model = await compiled('model.wasm');
  return { model, scorer: Scorer.from(model), recorder: await compiled('recorder.wasm') };
}

/** Rows as a scorer has taken them, so many at a time. */
export function batchesOf(scorer: Scorer, rows: Rows, size: number): { columns: Column[]; scores: Scores }[] {
  return Array.from({ length: rows.length / size }, (_, batch) => {
    const own = rows.slice(batch * size, (batch + 1) * size);
    const columns = scorer.description.features.map(
      ({ kind }, column): Column =>
        kind === 'number'
          ? Float64Array.from(own, (row) => Number(row[column]))
          : own.map((row) => String(row[column])),
    );
    const scores = scorer.score(columns, size);
    return { columns, scores: { ...scores, ...(scores.input && { input: scores.input.slice() }) } };
  });
}
