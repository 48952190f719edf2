/** Long work can be cancelled, reports how far it is, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Table } from 'hedgerow';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let penguins: Table;
const many = { kind: 'random-forest', nEstimators: 10_000 } as const;
const few = { kind: 'random-forest', nEstimators: 5 } as const;

before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  penguins = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'penguins.csv')));
});
after(() => installed.remove());

const big = () => `a,b\n${'1.5,word\n'.repeat(200_000)}`;

test('reading reports bytes and rows', async () => {
  const events: { done: number; total?: number; rows: number }[] = [];
  const bytes = new TextEncoder().encode(big());
  const table = await hedgerow.Table.fromCsv(bytes, { onProgress: (event) => events.push(event) });
  assert.equal(table.numRows, 200_000);
  assert.ok(events.length > 3);
  assert.equal(events.at(-1)?.done, bytes.length);
  assert.equal(events.at(-1)?.total, bytes.length);
});

test('reading can be cancelled, also while it waits for its source', async () => {
  const controller = new AbortController();
  const reading = hedgerow.Table.fromCsv(big(), {
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  await assert.rejects(reading, { message: 'enough' });

  const waiting = new AbortController();
  let cancelled = false;
  const silent = new ReadableStream<Uint8Array>({
    cancel() {
      cancelled = true;
    },
  });
  const never = hedgerow.Table.fromCsv(silent, { signal: waiting.signal });
  waiting.abort(new Error('too slow'));
  await assert.rejects(never, { message: 'too slow' });
  assert.ok(cancelled);
});

for (const workers of [0, 1, 3]) {
  test(`training with ${workers} workers can be cancelled, and the next training works`, async () => {
    const controller = new AbortController();
    const training = hedgerow.train(penguins, {
      target: 'species',
      learner: many,
      workers,
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'fit' && done > 3) controller.abort(new Error('enough'));
      },
    });
    await assert.rejects(training, { message: 'enough' });
    const model = await hedgerow.train(penguins, { target: 'species', learner: few, workers });
    assert.equal(model.predict(penguins).length, 344);
  });

  test(`training with ${workers} workers reports every phase and counts up to all trees`, async () => {
    const seen: number[] = [];
    await hedgerow.train(penguins, {
      target: 'species',
      learner: few,
      workers,
      onProgress: ({ phase, done }) => {
        if (phase === 'fit') seen.push(done);
      },
    });
    assert.equal(seen.at(-1), 5);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
  });

  test(`a progress function that throws ends training with ${workers} workers`, async () => {
    const training = hedgerow.train(penguins, {
      target: 'species',
      learner: few,
      workers,
      onProgress: () => {
        throw new Error('mine');
      },
    });
    await assert.rejects(training, { message: 'mine' });
  });
}

test('a training without workers can be cancelled before it begins to fit, and leaves the table alone', async () => {
  const column = (step: number) => Float64Array.from({ length: 200_000 }, (_, row) => (row * step) % 9_973);
  const table = hedgerow.Table.fromColumns({ a: column(7), b: column(11), c: column(13), y: column(17) });
  const controller = new AbortController();
  const phases = new Set<string>();
  const training = hedgerow.train(table, {
    target: 'y',
    learner: few,
    workers: 0,
    signal: controller.signal,
    onProgress: ({ phase }) => phases.add(phase),
  });
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(training, { message: 'enough' });
  assert.deepEqual([...phases], ['prepare']);
  assert.equal(table.head(1).numRows, 1);
});

test('a table may be freed while a training without workers learns from it', async () => {
  const table = penguins.slice();
  const training = hedgerow.train(table, { target: 'species', learner: few, workers: 0 });
  table.free();
  const model = await hedgerow.train(penguins, { target: 'species', learner: few, workers: 1 });
  assert.equal((await training).sha256, model.sha256);
});

/** Noise: a tree that is grown in one step takes seconds to tell its rows apart. */
function noise(rows: number): Table {
  let state = 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  const column = () => Float64Array.from({ length: rows }, next);
  const y = Array.from({ length: rows }, () => `class ${next() % 2}`);
  const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
  return hedgerow.Table.fromColumns({ ...Object.fromEntries(names.map((name) => [name, column()])), y });
}

const cart = { kind: 'linfa-cart' } as const;

test('a fit that is one step can be cancelled without workers, and the next training works', async () => {
  const controller = new AbortController();
  const phases = new Set<string>();
  const training = hedgerow.train(noise(50_000), {
    target: 'y',
    learner: cart,
    workers: 0,
    signal: controller.signal,
    onProgress: ({ phase, done }) => {
      phases.add(phase);
      if (phase === 'prepare' && done === 1) setImmediate(() => controller.abort(new Error('enough')));
    },
  });
  await assert.rejects(training, { message: 'enough' });
  assert.deepEqual([...phases], ['prepare']);
  const options = { target: 'species', learner: cart };
  const models = [0, 1].map((workers) => hedgerow.train(penguins, { ...options, workers }));
  const [here, there] = await Promise.all(models);
  assert.equal(here?.sha256, there?.sha256);
});

test('folds of such fits can be cancelled without workers', async () => {
  const controller = new AbortController();
  const table = noise(50_000);
  const options = { target: 'y', workers: 0, learners: [{ kind: 'naive-bayes' } as const, cart] };
  const comparing = hedgerow.compare(table, {
    ...options,
    signal: controller.signal,
    onProgress: ({ candidate, fold }) => {
      if (candidate === 0 && fold === 4) setImmediate(() => controller.abort(new Error('enough')));
    },
  });
  table.free();
  await assert.rejects(comparing, { message: 'enough' });
  const report = await hedgerow.compare(penguins, { ...options, target: 'species' });
  assert.equal(report.leaderboard.length, 3);
});

test('where no worker can be started, such a fit is done in the calling thread', async () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const args = ['--no-warnings', flag, '--allow-fs-read=*', 'no-workers.mjs'];
  const found = JSON.parse(await succeed(process.execPath, args, installed.folder));
  const model = await hedgerow.train(penguins, { target: 'species', learner: cart });
  assert.deepEqual(found, { sha256: model.sha256, folds: 5, refused: 'worker_crashed' });
});

test('neighbours of many rows are looked for in pieces, between which an evaluation can be cancelled', async () => {
  const table = noise(20_000);
  const model = await hedgerow.train(table, { target: 'y', learner: { kind: 'k-nearest-neighbors' } });
  const controller = new AbortController();
  const phases: string[] = [];
  const evaluating = model.evaluate(table, {
    workers: 0,
    signal: controller.signal,
    onProgress: ({ phase, done }) => phases.push(`${phase} ${done}`),
  });
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(evaluating, { message: 'enough' });
  assert.deepEqual(phases, ['measure 0']);
});

for (const workers of [0, 1]) {
  test(`evaluation with ${workers} workers reports its steps and can be cancelled`, async () => {
    const model = await hedgerow.train(penguins, { target: 'species', learner: few });
    const controller = new AbortController();
    const evaluating = model.evaluate(penguins, {
      workers,
      importance: { nRepeats: 1_000 },
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'importance' && done === 3) controller.abort(new Error('enough'));
      },
    });
    await assert.rejects(evaluating, { message: 'enough' });
    const report = await model.evaluate(penguins, { workers });
    assert.equal(report.importance?.columns.length, 7);
    const bare = await model.evaluate(penguins, { workers, importance: false });
    assert.equal(bare.importance, undefined);
  });
}

test('work whose signal is aborted from the start does not begin', async () => {
  const signal = AbortSignal.abort(new Error('before'));
  const model = await hedgerow.train(penguins, { target: 'species', learner: few });
  await assert.rejects(hedgerow.Table.fromCsv('a\n1\n', { signal }), { message: 'before' });
  await assert.rejects(hedgerow.train(penguins, { target: 'species', signal }), { message: 'before' });
  await assert.rejects(model.evaluate(penguins, { signal }), { message: 'before' });
});
