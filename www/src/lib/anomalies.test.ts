import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Anomalies, anomalyFinding, countByScore, topPlaces } from './anomalies.ts';

test('rows are counted by score, the largest in the last interval', () => {
  const counts = countByScore([0, 0.01, 0.5, 1]);
  assert.equal(counts.length, 50);
  assert.deepEqual([counts[0], counts[25], counts[49]], [2, 1, 1]);
});

test('the largest scores come first, equal ones in the order of their rows', () => {
  assert.deepEqual(topPlaces([0.2, 0.9, 0.2, 0.5]), [1, 3, 0, 2]);
  assert.equal(topPlaces(new Array(99).fill(0.5)).length, 10);
});

test('what was found is said in a sentence', () => {
  const said = (found: number) => anomalyFinding({ found, rows: 344 } as Anomalies);
  assert.equal(said(17), '17 rows of 344 are anomalies');
  assert.equal(said(1), '1 row of 344 is an anomaly');
  assert.equal(said(0), 'No row is much unlike the others');
});
