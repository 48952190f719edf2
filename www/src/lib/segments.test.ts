import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Segment } from 'hedgerow/monitor';
import { conditionsText, lastWorst, segmentFinding, segmentKey } from './segments.ts';

const segment: Segment = {
  conditions: [
    { column: 'carrier', is: 'UA' },
    { column: 'hour', between: [17, 19] },
  ],
  rows: 120,
  share: 0.06,
  metric: 'errorRate',
  error: 0.312,
  errorElsewhere: 0.18,
  pValue: 1e-6,
};
const fields = [{ name: 'day', kind: 'date' } as const];
const where = (...conditions: Segment['conditions']) => conditionsText({ ...segment, conditions }, fields);

test('what holds for a part is said in words', () => {
  assert.equal(conditionsText(segment, fields), 'carrier is UA and hour is from 17 to 19');
  assert.equal(where({ column: 'hour', between: [null, 6] }), 'hour is below 6');
  assert.equal(where({ column: 'hour', between: [6, null] }), 'hour is at least 6');
  assert.equal(where({ column: 'wind', missing: null }), 'wind is missing');
  assert.equal(where({ column: 'day', between: [0, null] }), 'day is at least 1970-01-01');
});

test('the worst part is the finding, with its error beside that of all others', () => {
  assert.equal(
    segmentFinding([segment], fields),
    'Wrong most where carrier is UA and hour is from 17 to 19: 31.2\u00a0%, elsewhere 18\u00a0%',
  );
  assert.match(
    segmentFinding([{ ...segment, metric: 'mae', error: 12.34 }], fields),
    /: 12\.3, elsewhere 0\.18$/,
  );
  assert.equal(segmentFinding([], fields), 'No part of the rows stands out');
});

test('of several places the last one with parts that stand out is told', () => {
  const [a, b] = [
    { name: 'a', segments: [segment] },
    { name: 'b', segments: [segment] },
  ];
  assert.equal(lastWorst([a, b, { name: 'c', segments: [] }])?.name, 'b');
  assert.equal(lastWorst([]), null);
});

test('parts that are told in the same words are known apart', () => {
  const between = (low: number): Segment => ({
    ...segment,
    conditions: [{ column: 'wind', between: [low, 20] }],
  });
  const [one, other] = [between(12.34), between(12.31)];
  assert.equal(conditionsText(one, fields), conditionsText(other, fields));
  assert.notEqual(segmentKey(one), segmentKey(other));
});
