import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, parseAddress } from './address.ts';

test('an address survives being written and read', () => {
  for (const part of ['', 'predict', 'a/b', 'ä b', 'compare/1,2']) {
    assert.deepEqual(parseAddress(addressOf('result', part)), { view: 'result', part });
  }
});

test('an unknown address is the first view', () => {
  for (const hash of ['', '#', '#/nowhere', '#/toString']) {
    assert.deepEqual(parseAddress(hash), { view: 'data', part: '' });
  }
});
