import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricFigure } from 'hedgerow/monitor';
import { report } from './drift.fixture.ts';
import { bandText, isWorse, knownOf, performanceFinding, scaleOf } from './performance.ts';

const accuracy: MetricFigure = { name: 'accuracy', value: 0.7, band: [0.65, 0.75], reference: 0.8 };
const mae: MetricFigure = { name: 'mae', value: 12, band: [11, 13], reference: 10 };
const of = (metric: MetricFigure) => ({ rows: 200, metrics: [metric] });

test('what is known of the target comes before what may be expected', () => {
  assert.equal(knownOf(report), null);
  const both = { ...report, performance: of(mae), estimatedPerformance: of(accuracy) };
  assert.equal(knownOf(both)?.isExpected, false);
  assert.equal(knownOf({ ...report, estimatedPerformance: of(accuracy) })?.isExpected, true);
  assert.equal(knownOf({ ...report, performance: { rows: 3, metrics: [] } }), null);
});

test('a metric is worse when its whole band is, whichever way is better', () => {
  assert.ok(isWorse(accuracy) && isWorse(mae));
  assert.ok(!isWorse({ ...accuracy, reference: 0.74 }) && !isWorse({ ...mae, reference: 11.5 }));
  assert.ok(!isWorse({ name: 'accuracy', value: 0.1 }));
});

test('it is told beside what it was', () => {
  assert.equal(
    performanceFinding({ performance: of(accuracy), isExpected: false }),
    'Accuracy is 0.700; for rows kept out of training 0.800',
  );
  const alone = { name: 'accuracy', value: 0.7 };
  assert.equal(
    performanceFinding({ performance: of(alone), isExpected: true }),
    'Accuracy is expected to be 0.700',
  );
  assert.equal(bandText(accuracy), '0.650 to 0.750');
  assert.equal(bandText(alone), '–');
});

test('shares are on a scale from 0 to 1, errors on their own', () => {
  assert.deepEqual(scaleOf(accuracy), { value: 0.7, band: [0.65, 0.75], reference: 0.8 });
  const { value, reference } = scaleOf(mae);
  assert.ok(value < 1 && reference !== null && reference < value);
  assert.equal(scaleOf({ name: 'mcc', value: -0.5 }).value, 0);
});
