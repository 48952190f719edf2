/** What recording costs: at most a microsecond a row beyond scoring, and 64 kB for 20 features. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Column, Scorer, type Scores } from 'hedgerow/edge';
import { Recorder, recordTo } from 'hedgerow/edge/recording';
import { succeed } from '../../package/support/run.js';
import { cli, type Models, models } from '../support/exports.js';

const ROWS = 4_000;
const FEATURES = 20;

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

/** The same numbers each time, between 0 and 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows with so many words, and numbers that are all different: the most that there is to count. */
function table(words: number, target: (row: number) => string): { rows: (string | number)[][]; csv: string } {
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

async function exported(name: string, csv: string) {
  const hedgerow = (...args: string[]) => succeed(cli, args, made.folder);
  await writeFile(join(made.folder, `${name}.csv`), csv);
  const learner = ['--learner', 'decision-tree', '--jobs', '1'];
  await hedgerow('train', `${name}.csv`, '--target', 'y', '--profile', ...learner, '--out', `${name}.model`);
  await hedgerow('export', `${name}.model`, '--to', 'node', '--out', name);
  const compiled = async (file: string) => WebAssembly.compile(await readFile(join(made.folder, name, file)));
  return { scorer: Scorer.from(await compiled('model.wasm')), module: await compiled('recorder.wasm') };
}

interface Batch {
  columns: Column[];
  scores: Scores;
}

function batchesOf(scorer: Scorer, rows: readonly (string | number)[][], size: number): Batch[] {
  return Array.from({ length: ROWS / size }, (_, batch) => {
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

/** Processor time a row, in microseconds: the least of several rounds, since others use the machine, too. */
async function timed(round: () => void, after: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 30; repeat++) {
    const before = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / ROWS);
    await after();
  }
  return least;
}

for (const [what, words] of [
  ['numbers', 0],
  ['ten words and ten numbers', 10],
] as const) {
  test(`to count a row of ${what} takes at most a microsecond`, async (context) => {
    const { rows, csv } = table(words, (row) => (row % 3 > 0 ? 'yes' : 'no'));
    const { scorer, module } = await exported(`cost-${words}`, csv);
    const request = new Request('http://model.example/invocations', { method: 'POST', body: '{}' });
    for (const size of [400, 1]) {
      const batches = batchesOf(scorer, rows, size);
      const recording = recordTo(
        () => ({ add: async () => undefined }) as never,
        Recorder.from(module),
        scorer.description,
      );
      const round = () => {
        for (const { columns, scores } of batches) recording.record(request, columns, size, scores);
      };
      const cost = await timed(round, () => recording.flush());
      context.diagnostic(`in requests of ${size}: ${cost.toFixed(2)} µs a row`);
      // A request by itself has an id, and an entry among those that wait for labels.
      assert.ok(cost <= (size === 1 ? 10 : 1), `${cost} µs a row in requests of ${size}`);
    }
  });
}

for (const [what, target] of [
  ['classes', (row: number) => (row % 3 > 0 ? 'yes' : 'no')],
  ['numbers', (row: number) => String((row * 7_919) % 4_001)],
] as const) {
  test(`layout and counts of 20 features of numbers, and of predicted ${what}, have at most 64 kB`, async (context) => {
    const { rows, csv } = table(0, target);
    const { scorer, module } = await exported(`memory-${what}`, csv);
    const recorder = Recorder.from(module);
    for (const { columns, scores } of batchesOf(scorer, rows, 400)) recorder.record(columns, 400, scores);
    context.diagnostic(`${recorder.allocated} bytes`);
    assert.ok(recorder.allocated <= 65_536, `${recorder.allocated} bytes`);
    recorder.report([recorder.take()], '');
    const { allocated } = recorder;
    // The last result is one of them.
    assert.ok(allocated <= 2 * 65_536, `${allocated} bytes`);
  });
}
