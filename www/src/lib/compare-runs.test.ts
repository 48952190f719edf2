import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from 'hedgerow/track';
import { bestPlace, comparisonFinding, runNames, tellingMetrics, tellingParams } from './compare-runs.ts';

const run = (id: string, name: string) => ({ id, name }) as Run;

test('runs of one name are told apart', () => {
  const runs = [run('aaaaaaaa1', 'tree'), run('bbbbbbbb2', 'tree'), run('cccccccc3', 'mlp')];
  assert.deepEqual(runNames(runs), ['tree aaaaaaaa', 'tree bbbbbbbb', 'mlp']);
});

test('the best is the highest score or the lowest loss; equals have none', () => {
  assert.equal(bestPlace('accuracy', [0.8, undefined, 0.9]), 2);
  assert.equal(bestPlace('logLoss', [0.8, 0.2, 0.9]), 1);
  assert.equal(bestPlace('accuracy', [0.8, 0.8]), null);
  assert.equal(bestPlace('accuracy', [0.8]), null);
  assert.equal(bestPlace('accuracy', [0.9, 0.8, 0.9]), null);
});

test('the finding goes by the first metric that tells them apart', () => {
  const metrics = [
    { key: 'logLoss', values: [0.2, 0.1] },
    { key: 'accuracy', values: [0.9, 0.9] },
  ];
  assert.equal(
    comparisonFinding({ runs: [], params: [], metrics }, ['a', 'b']),
    'b is best by Log loss: 0.100',
  );
});

test('parts of a study are told apart by parameters that all have, and not by what their names say', () => {
  const part = (name: string, params: Record<string, string>) => ({ name, params }) as Run;
  const trials = [
    part('trial 1', { learner: 'mlp', alpha: '1', tol: '2' }),
    part('trial 2', { learner: 'mlp', alpha: '3', tol: '2' }),
  ];
  assert.deepEqual(tellingParams(trials), ['alpha']);
  const learners = [part('tree', { learner: 'tree', depth: '3' }), part('mlp', { learner: 'mlp' })];
  assert.deepEqual(tellingParams([...learners, part('baseline', {})]), []);
  assert.deepEqual(tellingParams([part('fold 1', {})]), []);
});

test('of the metrics of parts those that differ are shown, and that which says most', () => {
  const part = (...metrics: [string, number][]) =>
    ({ metrics: metrics.map(([key, value]) => ({ key, value, at: 0 })) }) as Run;
  const parts = [
    part(['accuracy', 0.9], ['accuracy.std', 0.1], ['logLoss', 0.2], ['share', 1]),
    part(['accuracy', 0.9], ['accuracy.std', 0.2], ['logLoss', 0.3], ['share', 1]),
  ];
  assert.deepEqual(tellingMetrics(parts), ['accuracy', 'logLoss']);
});
