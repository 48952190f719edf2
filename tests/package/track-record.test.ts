/** Trainings as runs of a workspace. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Table } from 'hedgerow';
import type { Run, Workspace } from 'hedgerow/track';
import { type Installed, install } from './support/installed.js';

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let workspace: Workspace;
let table: Table;
before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  const entry = join(installed.folder, 'node_modules/hedgerow/dist/track/index.js');
  const track: typeof import('hedgerow/track') = await import(pathToFileURL(entry).href);
  workspace = await track.openWorkspace({ memory: true });
  const csv = await readFile(join(installed.folder, 'penguins.csv'));
  table = (await hedgerow.Table.fromCsv(csv)).dropMissing(['species']);
});
after(async () => {
  await workspace?.close();
  await installed?.remove();
});

const metric = ({ metrics }: Run, key: string) => metrics.find((point) => point.key === key);

test('a training is recorded: parameters, data, scores as they come, the model and where it ran', async () => {
  const options = {
    target: 'species',
    learner: { kind: 'gradient-boosting' as const, nEstimators: 20 },
    seed: 7,
  };
  const run = await workspace.startRun({ recipe: hedgerow.recipe(table, options) });
  const model = await hedgerow.train(table, { ...options, run, dataset: 'penguins.csv', workers: 1 });
  const kept = await workspace.run(run.id);
  assert.equal(kept.status, 'FINISHED');
  const { learner, seed, target, n_estimators, learning_rate } = kept.params;
  assert.deepEqual(
    { learner, seed, target, n_estimators },
    {
      learner: 'gradient-boosting',
      seed: '7',
      target: 'species',
      n_estimators: '20',
    },
  );
  assert.equal(Number(learning_rate), 0.1);
  assert.equal(kept.tags['hedgerow.environment'], `Node ${process.versions.node}`);
  const { library_version, training_data } = model.info.provenance;
  assert.equal(kept.tags['hedgerow.version'], library_version);
  const { sha256 } = training_data;
  assert.deepEqual(kept.inputs, [{ dataset: sha256, name: 'penguins.csv', context: 'train' }]);
  const [dataset] = await workspace.datasets();
  assert.equal(dataset?.rows, table.numRows);
  const bytes = await workspace.artifact(run.id, 'model.safetensors');
  assert.equal(hedgerow.Model.load(bytes).sha256, model.sha256);
  for (const [name, values] of Object.entries(model.info.provenance.history ?? {})) {
    const { points } = await workspace.series(run.id, name);
    assert.deepEqual(
      points.map(({ value }) => value),
      values,
      name,
    );
  }
  for (const [name, value] of Object.entries(model.info.provenance.metrics)) {
    assert.equal(metric(kept, name)?.value, value, name);
  }
});

test('the recipe of a run trains the same model again', async () => {
  const options = { target: 'species', learner: { kind: 'random-forest' as const, nEstimators: 10 } };
  const run = await workspace.startRun({ recipe: hedgerow.recipe(table, options) });
  const model = await hedgerow.train(table, { ...options, run });
  const recipe = (await workspace.recipe(run.id)) as ReturnType<typeof hedgerow.recipe>;
  assert.equal(recipe.data, table.sha256);
  assert.equal(recipe.adjust, null);
  assert.equal(recipe.train.seed, 42);
  const again = await hedgerow.train(table, recipe.train);
  assert.equal(again.sha256, model.sha256);
});

test('scores that come live are not logged a second time', async () => {
  const run = await workspace.startRun();
  await hedgerow.train(table, {
    target: 'species',
    learner: { kind: 'random-forest', nEstimators: 300 },
    run,
    workers: 1,
  });
  const { points } = await workspace.series(run.id, 'oob_accuracy');
  const steps = points.map(({ step }) => step);
  assert.equal(new Set(steps).size, steps.length);
  assert.equal(steps.at(-1), 300);
});

test('a calibration is a parameter and part of the recipe', async () => {
  const options = {
    target: 'species',
    calibrate: 'sigmoid' as const,
    learner: { kind: 'naive-bayes' as const },
  };
  const recipe = hedgerow.recipe(table, options);
  assert.equal(recipe.adjust?.calibrate, 'sigmoid');
  const run = await workspace.startRun({ recipe });
  await hedgerow.train(table, { ...options, run });
  assert.equal((await workspace.run(run.id)).params.calibrate, 'sigmoid');
});

test('what fails is a failed run with its reason, what is aborted a killed one', async () => {
  const failing = await workspace.startRun();
  const options = { target: 'island', learner: { kind: 'ridge' as const }, run: failing };
  const error = await hedgerow.train(table, options).catch((error) => error);
  const failed = await workspace.run(failing.id);
  assert.equal(failed.status, 'FAILED');
  assert.equal(failed.tags['hedgerow.error.code'], error.code);
  assert.equal(failed.params.learner, 'ridge');
  assert.equal(failed.inputs.length, 1);

  const wrong = await workspace.startRun();
  const learner = { kind: 'ridge', alfa: 1 } as never;
  assert.equal(
    (await hedgerow.train(table, { target: 'island', learner, run: wrong }).catch((error) => error)).code,
    'bad_option',
  );
  assert.equal((await workspace.run(wrong.id)).status, 'FAILED');

  const controller = new AbortController();
  const aborting = await workspace.startRun();
  const aborted = await hedgerow
    .train(table, {
      target: 'species',
      learner: { kind: 'random-forest', nEstimators: 10_000 },
      run: aborting,
      signal: controller.signal,
      workers: 1,
      onProgress: ({ done }) => done > 5 && controller.abort(new Error('enough')),
    })
    .catch((error) => error);
  assert.equal(aborted.message, 'enough');
  assert.equal((await workspace.run(aborting.id)).status, 'KILLED');
});

test('a record that fails leaves the training to whoever wants to know', async () => {
  const options = { target: 'species', learner: { kind: 'naive-bayes' as const } };
  const ended = async () => {
    const run = await workspace.startRun();
    await run.end();
    return run;
  };
  const error = await hedgerow.train(table, { ...options, run: await ended() }).catch((error) => error);
  assert.equal(error.code, 'run_ended');
  const told: string[] = [];
  const onRecordError = ({ code }: { code: string }) => told.push(code);
  const model = await hedgerow.train(table, { ...options, run: await ended(), onRecordError });
  assert.ok(model.sha256);
  assert.ok(told.length > 0 && told.every((code) => code === 'run_ended'));
});

const target = 'species';
const forest = (nEstimators: number) => ({ kind: 'random-forest' as const, nEstimators });
const below = async (parent: string) =>
  (await workspace.runs({ parent, orderBy: 'attributes.start_time ASC' })).runs;

test('a learning curve is one run, with its scores by the rows trained on', async () => {
  const options = { target, learner: forest(5), folds: 3, sizes: [0.2, 0.6, 1] };
  const run = await workspace.startRun({ recipe: hedgerow.recipe(table, options, 'learningCurve') });
  const { points } = await hedgerow.learningCurve(table, { ...options, run, dataset: 'penguins.csv' });
  const kept = await workspace.run(run.id);
  assert.equal(kept.status, 'FINISHED');
  assert.equal(kept.children, 0);
  assert.equal(kept.tags['hedgerow.study'], 'learningCurve');
  assert.deepEqual([kept.params.folds, kept.params.n_estimators, kept.params.target], ['3', '5', target]);
  assert.deepEqual(kept.inputs, [{ dataset: table.sha256, name: 'penguins.csv', context: 'train' }]);
  for (const [name, of] of [
    ['training', 'train'],
    ['validation', 'validation'],
  ] as const) {
    const series = await workspace.series(run.id, `${name}_accuracy`);
    assert.deepEqual(
      series.points.map(({ step, value }) => [step, value]),
      points.map((point) => [Math.round(point.trainRows), point[of]?.mean]),
    );
  }
  assert.equal(metric(kept, 'accuracy')?.value, points.at(-1)?.validation?.mean);
});

test('a cross-validation is a run with its folds below it', async () => {
  const run = await workspace.startRun({ experiment: 'folds' });
  const found = await hedgerow.crossValidate(table, { target, learner: forest(5), folds: 3, run });
  const kept = await workspace.run(run.id);
  assert.equal(metric(kept, 'accuracy')?.value, found.score?.mean);
  assert.equal(metric(kept, 'accuracy.std')?.value, found.score?.std);
  assert.ok(metric(kept, 'logLoss'));
  const folds = await below(run.id);
  assert.deepEqual(
    folds.map((fold) => [fold.name, fold.experiment, metric(fold, 'accuracy')?.value]),
    found.folds.map(({ metrics }, index) => [`fold ${index + 1}`, 'folds', metrics.accuracy]),
  );
});

test('a comparison is a run with its learners below it; what failed says why', async () => {
  const learners = [forest(3), { kind: 'mlp' as const, learningRate: 1e9 }, { kind: 'naive-bayes' as const }];
  const options = { target, learners, folds: 2 };
  const run = await workspace.startRun();
  const { leaderboard } = await hedgerow.compare(table, { ...options, run });
  const kept = await workspace.run(run.id);
  assert.equal(metric(kept, 'accuracy')?.value, leaderboard[0]?.score?.mean);
  assert.equal(kept.params.learner, undefined);
  const found = await below(run.id);
  assert.deepEqual(
    found.map(({ name, status }) => [name, status]),
    leaderboard.map(({ learner, error }) => [learner?.kind ?? 'baseline', error ? 'FAILED' : 'FINISHED']),
  );
  assert.equal(found.find(({ name }) => name === 'random-forest')?.params.n_estimators, '3');
});

test('a tuning is a run with its trials below it, and the model of the best', async () => {
  const run = await workspace.startRun();
  const found = await hedgerow.tune(table, { target, learner: forest(3), trials: 3, folds: 2, run });
  const kept = await workspace.run(run.id);
  assert.deepEqual([kept.status, kept.children, kept.params.learner], ['FINISHED', 3, 'random-forest']);
  assert.equal(metric(kept, 'accuracy')?.value, found.trials[found.best]?.score?.mean);
  const bytes = await workspace.artifact(run.id, 'model.safetensors');
  assert.equal(hedgerow.Model.load(bytes).sha256, found.model.sha256);
});

test('the recipe of a study is complete, and says which it is', () => {
  const recipe = hedgerow.recipe(table, { target, learners: [forest(3)], metric: 'logLoss' }, 'compare');
  assert.deepEqual(Object.keys(recipe).sort(), ['adjust', 'data', 'folds', 'metric', 'study', 'train']);
  assert.deepEqual(recipe.folds, { folds: 5, split: 'auto', timeColumn: null });
  const { comparison } = recipe.study as { comparison: Record<string, unknown>[] };
  assert.equal(comparison[0]?.nEstimators, 3);
  assert.ok('maxDepth' in (comparison[0] ?? {}));
});

test('a study that fails is a failed run', async () => {
  const run = await workspace.startRun();
  const options = { target, learner: forest(3), folds: 2, metric: 'rmse', run };
  const error = await hedgerow.crossValidate(table, options).catch((error) => error);
  const failed = await workspace.run(run.id);
  assert.deepEqual([failed.status, failed.tags['hedgerow.error.code']], ['FAILED', error.code]);
});
