import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from './format.ts';

test('measured numbers have three significant digits', () => {
  assert.equal(format.number(0.123456), '0.123');
  assert.equal(format.number(43.92193), '43.9');
  assert.equal(format.number(0.00001234), '1.23e-5');
  assert.equal(format.number(0), '0');
});

test('a large number keeps its whole part', () => {
  assert.equal(format.number(4207.06), '4,207');
  assert.equal(format.number(2.5e12), '2.5T');
});

test('no value is a dash', () => {
  assert.equal(format.number(null), '–');
  assert.equal(format.percent(Number.NaN), '–');
});

test('a share that is not all and not nothing never reads as such', () => {
  assert.equal(format.percent(0.9999), '>99.9\u00a0%');
  assert.equal(format.percent(0.00001), '<0.1\u00a0%');
  assert.equal(format.percent(1), '100\u00a0%');
});

test('counts go with their noun', () => {
  assert.equal(format.counted(1, 'row'), '1 row');
  assert.equal(format.counted(327346, 'row'), '327,346 rows');
});

test('durations read as one says them', () => {
  assert.equal(format.duration(0.42), '0.4 s');
  assert.equal(format.duration(200), '3 min 20 s');
});

test('a date without time is written without time', () => {
  assert.equal(format.date(Date.UTC(2024, 1, 29)), '2024-02-29');
  assert.equal(format.date(Date.UTC(2024, 1, 29, 13, 5)), '2024-02-29 13:05:00');
});

test('sizes are in decimal units', () => {
  assert.equal(format.bytes(812), '812 B');
  assert.equal(format.bytes(1_234_567), '1.23 MB');
});
