import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFull } from './room.ts';

test('there is little room where less than a twentieth or 10 MB are left', () => {
  assert.equal(isFull({ usage: 960_000_000, quota: 1_000_000_000 }), true);
  assert.equal(isFull({ usage: 940_000_000, quota: 1_000_000_000 }), false);
  assert.equal(isFull({ usage: 10_000_000, quota: 19_000_000 }), true);
  assert.equal(isFull({ usage: 1e12, quota: null }), false);
});
