import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSize, scrollTo, visible } from './virtual.ts';

test('a short list is shown where it stands', () => {
  const extent = { count: 100, size: 20, opening: 200 };
  assert.equal(contentSize(extent), 2000);
  assert.deepEqual(visible(extent, 400, 0), { first: 20, end: 31, offset: 400 });
});

test('spare items come before and after, within the list', () => {
  const extent = { count: 100, size: 20, opening: 200 };
  assert.deepEqual(visible(extent, 0, 5), { first: 0, end: 16, offset: 0 });
  assert.equal(visible(extent, 1800, 5).end, 100);
});

test('the last of ten million rows can be reached', () => {
  const extent = { count: 10_000_000, size: 28, opening: 560 };
  const seen = visible(extent, contentSize(extent) - extent.opening, 0);
  assert.equal(seen.end, 10_000_000);
  assert.equal(visible(extent, 0, 0).first, 0);
});

test('scrolling to a row shows it first', () => {
  for (const extent of [
    { count: 1000, size: 28, opening: 560 },
    { count: 5_000_000, size: 28, opening: 560 },
  ]) {
    assert.equal(Math.round(visible(extent, scrollTo(extent, 321), 0).first), 321);
  }
});
