import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInfo } from '../worker/protocol.ts';
import * as adjusting from './adjusting.ts';

const choice = adjusting.defaultAdjust();

test('nothing is adjusted unless that is chosen, nor where it cannot be', () => {
  const chosen = { ...choice, calibrate: 'sigmoid', aim: 'f1' } as const;
  assert.equal(adjusting.adjustmentOf(choice, 'classification', 2), null);
  assert.deepEqual(adjusting.adjustmentOf(chosen, 'classification', 2), {
    calibrate: 'sigmoid',
    threshold: 'f1',
  });
  assert.deepEqual(adjusting.adjustmentOf(chosen, 'classification', 3), { calibrate: 'sigmoid' });
  assert.equal(adjusting.adjustmentOf(chosen, 'regression', undefined), null);
  assert.equal(adjusting.adjustmentOf(chosen, 'anomaly', 2), null);
});

test('thresholds are spelled as the package and the command line have them', () => {
  const spelled = (
    ['mcc', 'balancedAccuracy', 'cost', 'precisionAtRecall', 'recallAtPrecision'] as const
  ).map((aim) => adjusting.adjustmentOf({ ...choice, aim }, 'classification', 2)?.threshold ?? 'accuracy');
  assert.deepEqual(spelled, [
    'mcc',
    'balancedAccuracy',
    { cost: { falsePositive: 1, falseNegative: 5 } },
    { precisionAtRecall: 0.8 },
    { recallAtPrecision: 0.9 },
  ]);
  assert.deepEqual(spelled.map(adjusting.thresholdWord), [
    'mcc',
    'balanced_accuracy',
    'cost:1,5',
    'precision_at_recall:0.8',
    'recall_at_precision:0.9',
  ]);
});

test('only numbers that count are complained of', () => {
  const bad = { ...choice, falsePositive: 'much', recall: 2 };
  assert.equal(adjusting.adjustProblem({ ...bad, aim: 'f1' }), null);
  assert.match(adjusting.adjustProblem({ ...bad, aim: 'cost' }) ?? '', /cost/);
  assert.match(adjusting.adjustProblem({ ...bad, aim: 'precisionAtRecall' }) ?? '', /share/i);
  assert.match(
    adjusting.adjustProblem({ ...choice, aim: 'cost', falsePositive: 0, falseNegative: 0 }) ?? '',
    /above 0/,
  );
});

test('a result says how it decides, and why where that is known', () => {
  const info = {
    schema: { task: { kind: 'classification', classes: ['bad', 'good'] } },
    provenance: { learner: { kind: 'random-forest' } },
    calibration: { kind: 'isotonic', curves: [] },
    threshold: 0.372,
  } as unknown as ModelInfo;
  assert.deepEqual(adjusting.decisionTexts(info, { threshold: { recallAtPrecision: 0.9 } }), [
    'Probabilities calibrated by isotonic regression',
    'Predicts good from 37.2\u00a0% on, for the best recall at a precision of 0.9',
  ]);
  assert.equal(adjusting.decisionTexts(info, null)[1], 'Predicts good from 37.2\u00a0% on');
});
