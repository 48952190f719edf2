import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scorePaths } from './score-path.ts';

test('the line runs from the first step to the last, within the picture', () => {
  const points = [
    { done: 1, value: 0.81 },
    { done: 50, value: 0.93 },
    { done: 100, value: 0.95 },
  ];
  const { paths, ticks } = scorePaths([points], 100, 200, 100);
  const [first, , last] = (paths[0] ?? '')
    .slice(1)
    .split('L')
    .map((pair) => pair.split(',').map(Number));
  assert.equal(first?.[0], 2);
  assert.equal(last?.[0], 200);
  assert.ok((first?.[1] ?? 0) > (last?.[1] ?? 0));
  assert.ok(ticks.every(({ y }) => y >= 0 && y <= 100));
});

test('a score that does not move still has a scale', () => {
  const points = [
    { done: 1, value: 1 },
    { done: 2, value: 1 },
  ];
  assert.equal(scorePaths([points], 2, 10, 10).ticks.length, 2);
});

test('two losses share a scale that holds both, with few ticks, however large they are', () => {
  for (const size of [0.01, 1, 40_000]) {
    const line = (from: number) => [
      { done: 1, value: from * size },
      { done: 9, value: (from / 2) * size },
    ];
    const { ticks } = scorePaths([line(1), line(3)], 10, 100, 100);
    assert.ok(ticks.length <= 6, `${ticks.length} ticks`);
    assert.ok((ticks.at(-1)?.value ?? 0) >= 3 * size * 0.999 && (ticks[0]?.value ?? 1) <= 0.5 * size);
  }
});
