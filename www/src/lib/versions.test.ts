import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from 'hedgerow/track';
import { versionRows } from './versions.ts';

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
