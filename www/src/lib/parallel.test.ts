import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from 'hedgerow/track';
import { axesOf, onLines } from './parallel.ts';

const comparison: Comparison = {
  runs: [],
  params: [
    { key: 'n_estimators', values: ['10', '100', '55'], differs: true },
    { key: 'learner', values: ['tree', 'forest', 'tree'], differs: true },
    { key: 'depth', values: ['3', undefined, '5'], differs: true },
    { key: 'seed', values: ['1', '1', '1'], differs: false },
    { key: 'alpha', values: ['1', undefined, undefined], differs: true },
  ],
  metrics: [
    { key: 'logLoss', values: [0.5, undefined, 0.5] },
    { key: 'accuracy', values: [0.8, 0.9, 0.85] },
  ],
};

test('what differs and what is measured has an axis, what is the same has none', () => {
  assert.deepEqual(
    axesOf(comparison, 9).map(({ label }) => label),
    ['learner', 'n_estimators', 'depth', 'Accuracy', 'Log loss'],
  );
});

test('numbers go from the smallest to the largest, names in their order, what is missing has no place', () => {
  const [learner, count, depth, , loss] = axesOf(comparison, 9);
  assert.deepEqual(count?.places, [0, 1, 0.5]);
  assert.deepEqual(learner?.places, [1, 0, 1]);
  assert.deepEqual(depth?.places, [0, null, 1]);
  assert.deepEqual(loss?.places, [0.5, null, 0.5]);
});

test('where there is little room, a metric is left at least', () => {
  assert.deepEqual(
    axesOf(comparison, 2).map(({ label }) => label),
    ['learner', 'Accuracy'],
  );
});

test('numbers among words stand by their size, and what has no value is said in words', () => {
  const params = [{ key: 'max_depth', values: ['10', 'null', '9'], differs: true }];
  const [depth] = axesOf({ ...comparison, params }, 9);
  assert.deepEqual(
    depth?.ticks.map(({ text }) => text),
    ['9', '10', 'not set'],
  );
  assert.deepEqual(depth?.texts, ['10', 'not set', '9']);
});

test('names are broken where their parts end, and what is left over is marked', () => {
  assert.deepEqual(onLines('min_samples_leaf', 12), ['min_samples_', 'leaf']);
  assert.deepEqual(onLines('Average precision', 12), ['Average', 'precision']);
  assert.deepEqual(onLines('0.958', 12), ['0.958']);
  assert.deepEqual(onLines('unbreakable-no-more', 6), ['unbre…', 'no-', 'more']);
  assert.deepEqual(onLines('a b c d', 1), ['a', 'b', '…']);
});
