import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scorePath } from './score-path.ts';

test('the line runs from the first tree to the last, within the picture', () => {
  const points = [
    { trees: 1, value: 0.81 },
    { trees: 50, value: 0.93 },
    { trees: 100, value: 0.95 },
  ];
  const { path, ticks } = scorePath(points, 100, 200, 100);
  const [first, , last] = path
    .slice(1)
    .split('L')
    .map((pair) => pair.split(',').map(Number));
  assert.equal(first?.[0], 2);
  assert.equal(last?.[0], 200);
  assert.ok((first?.[1] ?? 0) > (last?.[1] ?? 0));
  assert.ok(ticks.every(({ y }) => y >= 0 && y <= 100));
});

test('a score that does not move still has a scale', () => {
  const { ticks } = scorePath(
    [
      { trees: 1, value: 1 },
      { trees: 2, value: 1 },
    ],
    2,
    10,
    10,
  );
  assert.equal(ticks.length, 2);
});
