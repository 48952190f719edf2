import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './run.fixture.ts';
import {
  byImportance,
  failureOf,
  isLearningCurve,
  metricsOfRuns,
  paramText,
  runMetricLabel,
  runMetricText,
  runName,
  seconds,
  tagsOf,
} from './run-facts.ts';

test('metrics have names and numbers as one reads them', () => {
  assert.equal(runMetricLabel('rocAuc'), 'ROC AUC');
  assert.equal(runMetricLabel('f1Weighted'), 'F1 weighted');
  assert.equal(runMetricLabel('accuracy.std'), 'Accuracy, standard deviation');
  assert.equal(runMetricText('epochs', 193), '193');
  assert.equal(runMetricText('f1Weighted', 0.95), '0.950');
});

test('metrics of all runs are there once, what says most first', () => {
  assert.deepEqual(metricsOfRuns([run, run]).slice(0, 2), ['accuracy', 'oob_accuracy']);
  assert.equal(metricsOfRuns([run, run]).length, 4);
});

test('a parameter without a value is told from one that a run has not', () => {
  assert.equal(paramText('null'), 'not set');
  assert.equal(paramText('{}'), 'none');
  assert.equal(paramText(undefined), '–');
  assert.equal(paramText('auto'), 'auto');
});

test('a run without a name has the beginning of its id', () => {
  assert.equal(runName(run), 'random-forest');
  assert.equal(runName({ ...run, name: '' }), 'aaaaaaaa');
});

test('an error is no tag to be listed, nor is which page it was', () => {
  const tags = {
    'hedgerow.client': 'x',
    'hedgerow.error.code': 'too_few',
    'hedgerow.error.message': 'too few rows',
    'hedgerow.version': '1',
  };
  assert.deepEqual(tagsOf({ ...run, tags }), [['hedgerow.version', '1']]);
  assert.deepEqual(failureOf({ ...run, tags }), { code: 'too_few', message: 'too few rows', details: {} });
  assert.equal(failureOf(run), null);
});

test('the metrics of a learning curve say on which rows they were measured', () => {
  assert.ok(isLearningCurve({ ...run, tags: { 'hedgerow.study': 'learningCurve' } }));
  assert.ok(!isLearningCurve(run));
  assert.equal(runMetricLabel('validation_rocAuc'), 'Validation ROC AUC');
  assert.equal(runMetricLabel('training_logLoss'), 'Training log loss');
  assert.deepEqual(byImportance(['training_accuracy', 'accuracy.std', 'validation_accuracy', 'accuracy']), [
    'accuracy',
    'validation_accuracy',
    'training_accuracy',
    'accuracy.std',
  ]);
});

test('what runs has taken as long as it has run', () => {
  assert.equal(seconds({ ...run, ended: null }, 9000), 8);
});
