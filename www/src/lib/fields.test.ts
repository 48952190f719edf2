import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateText, dateValue, sliderEnds, typicalValue } from './fields.ts';

test('a slider reaches both ends of what was seen, in round steps', () => {
  for (const [min, max] of [
    [32.1, 59.6],
    [2700, 6300],
    [2007, 2009],
    [-0.004, 0.0091],
    [0, 1e7],
  ] as const) {
    const ends = sliderEnds(min, max);
    assert.ok(ends.min <= min && ends.max >= max, JSON.stringify(ends));
    const steps = (ends.max - ends.min) / ends.step;
    assert.ok(steps <= 250 && Math.abs(steps - Math.round(steps)) < 1e-6, JSON.stringify(ends));
  }
});

test('a column with one value still has a slider', () => {
  assert.deepEqual(sliderEnds(3, 3), { min: 3, max: 3, step: 1 });
});

test('a field starts with what was typical', () => {
  const field = { name: 'a', categories: ['x', 'y'], typical: 1 };
  assert.equal(typicalValue({ ...field, kind: 'category' }), 'y');
  assert.equal(typicalValue({ ...field, kind: 'boolean' }), true);
  assert.equal(typicalValue({ ...field, kind: 'number' }), 1);
});

test('a date survives being written and read', () => {
  const day = Date.UTC(2013, 5, 30);
  assert.equal(dateValue(dateText(day)), day);
  assert.equal(dateValue(''), null);
});
