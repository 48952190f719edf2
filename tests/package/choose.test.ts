/** Cross-validation, learning curves, comparison and tuning, through the packed package. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Learner, Table } from 'hedgerow';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let penguins: Table;
const forest = (nEstimators: number) => ({ kind: 'random-forest', nEstimators }) as Learner;
const target = 'species';

before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  penguins = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'penguins.csv')));
});
after(() => installed.remove());

/** Everything but what depends on the machine. */
function withoutSeconds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === 'seconds' ? undefined : inner)));
}

test('cross-validation tests every row once and tells mean and spread', async () => {
  const events: { done: number; total: number; score: number | null }[] = [];
  const found = await hedgerow.crossValidate(penguins, {
    target,
    learner: forest(10),
    folds: 4,
    workers: 2,
    onProgress: (event) => events.push(event),
  });
  assert.equal(found.metric, 'accuracy');
  assert.equal(
    found.folds.reduce((sum, { testRows }) => sum + testRows, 0),
    penguins.numRows,
  );
  assert.ok(found.score && found.score.mean > 0.95 && found.score.std > 0);
  assert.equal(found.metrics.accuracy?.mean, found.score.mean);
  assert.deepEqual(
    events.map(({ done }) => done),
    [1, 2, 3, 4],
  );
  assert.ok(events.every(({ total, score }) => total === 4 && score !== null));
});

test('what is found does not depend on the number of workers', async () => {
  const space = {
    nEstimators: { kind: 'range', low: 1, high: 9, log: true },
    maxDepth: { kind: 'each', values: [1, 2, null] as unknown[] },
  } as const;
  const all = async (workers: number) => {
    const run = { target, folds: 3, workers };
    const tuning = { ...run, learner: forest(3), trials: 6, factor: 2, space };
    const random = await hedgerow.tune(penguins, tuning);
    const halving = await hedgerow.tune(penguins, { ...tuning, strategy: 'halving' });
    assert.deepEqual(halving.model.info.provenance.learner.params.n_estimators !== undefined, true);
    return withoutSeconds({
      cross: await hedgerow.crossValidate(penguins, { ...run, learner: forest(5) }),
      curve: await hedgerow.learningCurve(penguins, { ...run, learner: forest(5), sizes: [0.2, 1] }),
      compared: await hedgerow.compare(penguins, { ...run, learners: [forest(1), forest(8)] }),
      random: { ...random, model: random.model.sha256 },
      halving: { ...halving, model: halving.model.sha256 },
    });
  };
  const none = await all(0);
  assert.deepEqual(await all(1), none);
  assert.deepEqual(await all(3), none);
});

test('a leaderboard has the baseline, and a learner that fails keeps its line', async () => {
  const broken = { kind: 'random-forest', classWeight: { 'no such class': 2 } } as Learner;
  const { leaderboard } = await hedgerow.compare(penguins, { target, learners: [broken, forest(10)] });
  assert.deepEqual(
    leaderboard.map(({ index }) => index),
    [1, null, 0],
  );
  assert.equal(leaderboard[2]?.error?.code, 'unknown_class');
  assert.ok((leaderboard[1]?.pValue ?? 1) < 0.01);
});

test('the best parameters come with a model trained on all rows', async () => {
  const phases = new Set<string>();
  const space = { nEstimators: { kind: 'range', low: 1, high: 20 } } as const;
  const { best, trials, learner, model } = await hedgerow.tune(penguins, {
    target,
    trials: 4,
    seconds: 600,
    space,
    metric: 'logLoss',
    onProgress: ({ phase }) => phases.add(phase),
  });
  assert.equal(trials.length, 4);
  assert.deepEqual(trials[best]?.learner, learner);
  assert.ok(trials.every(({ score }) => (score?.mean ?? 9) >= (trials[best]?.score?.mean ?? 0)));
  assert.equal(model.info.provenance.training_data.rows, penguins.numRows);
  assert.deepEqual([...phases], ['folds', 'refit']);
  assert.equal(model.info.profiled, false);
});

test('a tuned model keeps a training profile where that is asked for, as on the command line', async () => {
  const space = { nEstimators: { kind: 'range', low: 1, high: 20 } } as const;
  const options = { target, trials: 2, folds: 2, learner: forest(3), space, profile: true } as const;
  const { model } = await hedgerow.tune(penguins, options);
  const args = ['tune', 'penguins.csv', '--target', target, '--trials', '2', '--folds', '2', '--set'];
  const more = ['n_estimators=3', '--space', 'n_estimators=1..20', '--no-track', '--out', 'tuned'];
  await succeed(cli, [...args, ...more], installed.folder);
  assert.deepEqual(Buffer.from(model.save()), await readFile(join(installed.folder, 'tuned')));
  assert.ok(model.info.profiled);
  assert.equal(hedgerow.recipe(penguins, options, 'tune').profile, true);
});

for (const workers of [0, 2]) {
  test(`with ${workers} workers, aborting answers within 100 ms`, async () => {
    const controller = new AbortController();
    let aborted = 0;
    const tuning = hedgerow.tune(penguins, {
      target,
      learner: forest(3_000),
      space: { maxDepth: { kind: 'range', low: 5, high: 500 } },
      workers,
      signal: controller.signal,
    });
    setTimeout(() => {
      aborted = performance.now();
      controller.abort(new Error('enough'));
    }, 300);
    await assert.rejects(tuning, { message: 'enough' });
    const took = performance.now() - aborted;
    assert.ok(took < 100, `it took ${took} ms`);
  });

  test(`with ${workers} workers, a progress function that throws ends the study`, async () => {
    const study = hedgerow.crossValidate(penguins, {
      target,
      learner: forest(5),
      workers,
      onProgress: () => {
        throw new Error('mine');
      },
    });
    await assert.rejects(study, { message: 'mine' });
  });
}

test('probabilities are calibrated and the threshold is chosen the same with any number of workers', async () => {
  const credit = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'credit.csv')));
  const rows = credit.dropMissing(['Status']).head(600);
  const options = { target: 'Status', learner: forest(10) };
  const hashes = new Set<string>();
  for (const workers of [0, 1, 3]) {
    const phases = new Set<string>();
    const model = await hedgerow.train(rows, {
      ...options,
      workers,
      calibrate: 'isotonic',
      threshold: { cost: { falsePositive: 1, falseNegative: 5 } },
      onProgress: ({ phase }) => phases.add(phase),
    });
    assert.ok(phases.has('adjust'));
    assert.equal(model.info.calibration?.kind, 'isotonic');
    const { threshold } = model.info;
    assert.ok(threshold !== undefined && threshold >= 0 && threshold <= 1);
    const second = model.info.schema.task.kind === 'classification' ? model.info.schema.task.classes[1] : '';
    for (const { label, probabilities } of model.predict(rows.head(100), { proba: true })) {
      assert.equal(label === second, (probabilities[second ?? ''] ?? 0) >= threshold);
    }
    assert.equal(hedgerow.Model.load(model.save()).info.threshold, threshold);
    hashes.add(model.sha256);
  }
  assert.equal(hashes.size, 1);
  const bare = await hedgerow.train(rows, options);
  assert.equal(bare.info.threshold, undefined);
  await assert.rejects(hedgerow.train(penguins, { target, threshold: 'f1' }), { code: 'not_adjustable' });
});

test('what cannot be studied is told by code', async () => {
  const code = (options: object) =>
    hedgerow.crossValidate(penguins, { target, ...options }).then(
      () => 'no error',
      (error) => error.code,
    );
  assert.equal(await code({ metric: 'rmse' }), 'wrong_metric');
  assert.equal(await code({ metric: 'none' }), 'unknown_metric');
  assert.equal(await code({ folds: 1000 }), 'too_few_rows');
  assert.equal(await code({ folds: 100 }), 'class_too_small');
  assert.equal(await code({ split: 'no such split' }), 'bad_option');
  assert.equal(await code({ timeColumn: 'island' }), 'bad_option');
  assert.equal(
    await code({ workers: 1, learner: { kind: 'random-forest', classWeight: { a: 1 } } }),
    'nothing_worked',
  );
  const tuning = { target, learner: forest(3) };
  const { tune } = hedgerow;
  await assert.rejects(tune(penguins, { ...tuning, space: {} }), { code: 'empty_space' });
  await assert.rejects(tune(penguins, { ...tuning, seconds: 0 }), { code: 'bad_option' });
  await assert.rejects(tune(penguins, { ...tuning, trials: 0 }), { code: 'bad_parameter' });
});
