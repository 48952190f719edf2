import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barPath, bars } from './bars.ts';

const column = { name: 'a', kind: 'number' as const, count: 0, missing: 0, unique: 0, top: [], warnings: [] };

test('many bins become few, and no row is lost', () => {
  const counts = Array.from({ length: 100 }, (_, index) => index);
  const few = bars({ ...column, histogram: { edges: [], counts } });
  assert.ok(few.length <= 22);
  assert.equal(
    few.reduce((sum, count) => sum + count),
    4950,
  );
});

test('the tallest bar fills the height, and a single row can be seen', () => {
  assert.equal(
    barPath([1000, 1, 0], 30, 20),
    'M0.00,20v-20.00h9.00v20.00zM10.00,20v-1.00h9.00v1.00zM20.00,20v0.00h9.00v0.00z',
  );
});
