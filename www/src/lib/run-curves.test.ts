import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from 'hedgerow/track';
import { compareCurveFinding, groupedLines, isCurve, lineOf, runCurveFinding } from './run-curves.ts';

const point = (step: number, value: number | null) => ({ key: 'x', step, value, at: 0 });
const line = (key: string, label: string, ...values: (number | null)[]) =>
  lineOf({ run: 'r', key, points: values.map((value, index) => point(index + 1, value)) }, label);

test('what is no number leaves a gap out', () => {
  assert.deepEqual(line('loss', 'a', 1, null, 0.5).points, [
    { step: 1, value: 1 },
    { step: 3, value: 0.5 },
  ]);
});

test('two points are no curve', () => {
  assert.ok(!isCurve(line('loss', 'a', 1, 0.5)));
  assert.ok(isCurve(line('loss', 'a', 1, 0.7, 0.5)));
});

test('losses stand apart from what is better large', () => {
  const groups = groupedLines([
    line('loss', 'a', 1),
    line('oob_accuracy', 'b', 1),
    line('train_loss', 'c', 1),
  ]);
  assert.deepEqual(
    groups.map((group) => group.map(({ label }) => label)),
    [['b'], ['a', 'c']],
  );
});

test('the best is the highest score or the lowest loss', () => {
  const scores = [line('oob_accuracy', 'a', 0.8, 0.9), line('oob_accuracy', 'b', 0.95, 0.85)];
  assert.match(compareCurveFinding(scores), /^a ended best.*0\.900$/);
  assert.match(compareCurveFinding([line('loss', 'a', 0.3), line('loss', 'b', 0.2)]), /^b ended best/);
  assert.match(compareCurveFinding([line('loss', 'a', 0.3), line('loss', 'b')]), /^Only a has loss/);
});

test('a learning curve is told by its rows, another by its end', () => {
  const curve = [line('validation_rocAuc', 'a', 0.8, 0.9)];
  const finding = (status: string, tags = {}) => runCurveFinding(curve, { status, tags } as Run);
  const tags = { 'hedgerow.study': 'learningCurve' };
  assert.equal(finding('FINISHED', tags), 'Validation ROC AUC is 0.900 after 2 rows');
  assert.equal(finding('FINISHED'), 'Validation ROC AUC ended at 0.900');
  assert.equal(finding('RUNNING'), 'Validation ROC AUC is 0.900 so far');
});
