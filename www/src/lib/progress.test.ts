import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../worker/protocol.ts';
import { workDone } from './progress.ts';

const phases: Progress[] = [
  { phase: 'prepare', done: 1, total: 1 },
  { phase: 'fit', done: 50, total: 100 },
  { phase: 'fit', done: 100, total: 100 },
  { phase: 'finish', done: 1, total: 1 },
  { phase: 'adjust', done: 0, total: 5 },
  { phase: 'adjust', done: 3, total: 5 },
  { phase: 'adjust', done: 5, total: 5 },
  { phase: 'evaluate', done: 0, total: 1 },
];

for (const adjusted of [false, true]) {
  test(`progress never goes back, from 0 to 1, ${adjusted ? 'with' : 'without'} an adjustment`, () => {
    const gone = phases.filter(({ phase }) => adjusted || phase !== 'adjust');
    const shares = gone
      .map((progress) => workDone(progress, adjusted))
      .map(({ done, total }) => done / total);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => a - b),
    );
    assert.equal(shares[0], 0);
    assert.equal(shares.at(-1), 1);
  });
}

test('a fit is a sixth of a training that is adjusted', () => {
  assert.deepEqual(workDone({ phase: 'fit', done: 10, total: 10 }, true), { done: 10, total: 60 });
});
