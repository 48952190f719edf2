import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeLeft } from './eta.ts';

test('the pace so far tells the time left', () => {
  assert.equal(timeLeft(25, 100, 5), 15);
});

test('nothing is told from too little', () => {
  assert.equal(timeLeft(0, 100, 5), null);
  assert.equal(timeLeft(1, 1000, 5), null);
  assert.equal(timeLeft(10, 100, 0.1), null);
});
