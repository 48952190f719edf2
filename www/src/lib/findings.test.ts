import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalibrationBin, ClassificationReport, ClassMetrics } from 'hedgerow';
import * as findings from './findings.ts';

function classMetrics(label: string, support: number, rocAuc: number | null, recall: number): ClassMetrics {
  return {
    label,
    support,
    rocAuc,
    recall,
    precision: 0.9,
    f1: 0.9,
    predicted: support,
    averagePrecision: 0.9,
  };
}

type Part = Pick<ClassificationReport, 'classes' | 'confusion' | 'perClass' | 'rows' | 'curves'>;

/** The parts of a report that findings are about. */
function report(part: Partial<Part>): ClassificationReport {
  const whole: Part = { rows: 10, classes: [], confusion: [], perClass: [], curves: [], ...part };
  return whole as ClassificationReport;
}

test('the commonest mistake is named with its class sizes', () => {
  const three = report({
    classes: ['a', 'b', 'c'],
    confusion: [
      [5, 1, 0],
      [0, 4, 3],
      [0, 0, 9],
    ],
    perClass: [classMetrics('a', 6, 1, 1), classMetrics('b', 7, 0.9, 0.5), classMetrics('c', 9, 1, 1)],
  });
  assert.equal(findings.confusionFinding(three), 'The commonest mistake: b taken for c, 3 of 7');
  assert.match(findings.rocFinding(three), /^b is the hardest to tell apart: area 0.900$/);
  assert.match(findings.precisionFinding(three), /^b is missed most often: 50\s%/);
});

test('no mistake is said as such', () => {
  const perfect = report({
    classes: ['a', 'b'],
    confusion: [
      [5, 0],
      [0, 5],
    ],
  });
  assert.equal(findings.confusionFinding(perfect), 'All 10 rows are predicted right');
});

test('a class that does not occur has no area to speak of', () => {
  const perClass = [classMetrics('a', 10, null, 1), classMetrics('b', 0, null, 0)];
  assert.match(findings.rocFinding(report({ classes: ['a', 'b'], perClass })), /nothing to rank/);
});

test('of many classes the hardest are drawn, in their order', () => {
  const classes = ['a', 'b', 'c', 'd'];
  const perClass = [0.9, 0.6, 0.99, 0.7].map((area, index) => classMetrics(classes[index] ?? '', 5, area, 1));
  const curves = classes.map((label) => ({ label, roc: null, precisionRecall: null, calibration: [] }));
  assert.deepEqual(findings.curveClasses(report({ classes, perClass, curves }), 2), [1, 3]);
});

test('calibration is weighted by rows', () => {
  const bin = (count: number, meanPredicted: number, fractionPositive: number): CalibrationBin => ({
    lower: 0,
    upper: 1,
    count,
    meanPredicted,
    fractionPositive,
  });
  const error = findings.calibrationError([[bin(30, 0.5, 0.5), bin(10, 0.2, 0.6), bin(0, 0, 0)]]);
  assert.ok(Math.abs(error - 0.1) < 1e-12);
  assert.match(findings.calibrationFinding([[bin(5, 0.5, 0.5)]]), /taken at their word/);
});

test('importance names the column that matters most, or says that none does', () => {
  assert.match(findings.importanceFinding(['a', 'b'], [0.1, 0.3], 'splits'), /^b does 75\s%/);
  assert.match(findings.importanceFinding(['a'], [0], 'shuffled'), /^No column matters/);
});

test('a history tells where what was watched was best', () => {
  const line = (name: string, ...values: number[]) => ({ name, label: name, values });
  assert.equal(
    findings.historyFinding([line('validation_loss', 0.9, 0.4, 0.5)], 'round'),
    'validation_loss is best at round 2 of 3: 0.4',
  );
  assert.equal(
    findings.historyFinding([line('validation_accuracy', 0.7, 0.8, 0.8)], 'epoch'),
    'validation_accuracy is best at epoch 2 of 3: 0.800',
  );
  assert.equal(
    findings.historyFinding([line('training_loss', 0.9, 0.4, 0.25)], 'epoch'),
    'training_loss goes from 0.9 to 0.25 in 3 epochs',
  );
});

test('the coefficient that weighs most is told with its class, and how many are nothing', () => {
  const term = (feature: string, label: string | null, value: number) => ({
    feature,
    class: label,
    value,
    standardized: value,
    stdError: null,
  });
  const drawn = ({ value }: { value: number }) => value;
  assert.equal(
    findings.coefficientFinding([term('a', 'x', 1), term('b', 'y', -2), term('c', 'y', 0)], drawn),
    'b weighs most: −2 for y; 1 of 3 are 0',
  );
  const unscaled = { ...term('a', null, 1.5), standardized: null };
  assert.equal(findings.coefficientFinding([unscaled], drawn), 'a has the largest coefficient: +1.5');
});
