import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Move, Run } from 'hedgerow/track';
import { versionBefore, versionRows } from './versions.ts';

const run = (accuracy: number, params: Record<string, string>) =>
  ({ metrics: [{ key: 'accuracy', value: accuracy, at: 0 }], params }) as unknown as Run;

test('metrics come first and say which is better, then what was made differently', () => {
  const rows = versionRows(run(0.9, { a: '1', depth: '3' }), run(0.95, { a: '1', depth: '5' }));
  assert.deepEqual(
    rows.map(({ key, texts, differs, best }) => [key, ...texts, differs, best]),
    [
      ['metrics.accuracy', '0.900', '0.950', true, 1],
      ['params.depth', '3', '5', true, null],
      ['params.a', '1', '1', false, null],
    ],
  );
});

test('a version that came from a file has dashes', () => {
  const [accuracy] = versionRows(null, run(0.9, {}));
  assert.deepEqual(accuracy?.texts, ['–', '0.900']);
  assert.equal(accuracy?.best, null);
});

const move = (version: number | null, back = false, alias = 'champion'): Move => ({
  alias,
  version,
  back,
  at: 0,
  author: '',
  reason: 'why',
});

test('an alias goes back step by step, to what it was before it was taken away, too', () => {
  assert.equal(versionBefore([move(1), move(3), move(2)], 'champion'), 3);
  assert.equal(versionBefore([move(1), move(3), move(2), move(3, true)], 'champion'), 1);
  assert.equal(versionBefore([move(1), move(null), move(2)], 'champion'), 1);
});

test('where an alias was nothing before, it cannot go back', () => {
  assert.equal(versionBefore([], 'champion'), null);
  assert.equal(versionBefore([move(1), move(2, false, 'challenger')], 'champion'), null);
  assert.equal(versionBefore([move(1), move(2), move(1, true)], 'champion'), null);
});
