import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from 'hedgerow/track';
import { run } from './run.fixture.ts';
import {
  ariaSort,
  brokenAt,
  cellText,
  cellTitle,
  columnGroups,
  columnsOf,
  fieldName,
  nextOrder,
  orderText,
  usualFields,
} from './runs-table.ts';

test('the usual columns are those asked for, then the metrics that say most', () => {
  const fields = usualFields([run]);
  assert.deepEqual(fields, [
    'attributes.name',
    'attributes.status',
    'attributes.start_time',
    'attributes.duration',
    'params.learner',
    'metrics.accuracy',
    'metrics.oob_accuracy',
    'metrics.balancedAccuracy',
  ]);
});

test('of what is under way the score that moves is shown, too', () => {
  const live: Run = { ...run, status: 'RUNNING', metrics: [{ key: 'training_loss', value: 1, at: 0 }] };
  assert.equal(usualFields([live, run]).at(-1), 'metrics.training_loss');
});

test('every metric and parameter can be a column, once', () => {
  const fields = columnsOf([run, run]).map(({ field }) => field);
  assert.equal(new Set(fields).size, fields.length);
  assert.ok(fields.includes('params.n_estimators'));
  assert.ok(fields.includes('metrics.`my metric`'));
});

test('scores stand beside the name, where a narrow window shows them, and columns are chosen by what they are', () => {
  const columns = columnsOf([run]);
  assert.deepEqual(
    columns.slice(0, 3).map(({ label }) => label),
    ['Name', 'Status', 'Accuracy'],
  );
  const groups = columnGroups(columns);
  assert.deepEqual(
    groups.map(({ title }) => title),
    ['Run', 'Metrics', 'Parameters'],
  );
  assert.ok(groups[0]?.columns.some(({ label }) => label === 'Learner'));
  assert.deepEqual(
    groups[2]?.columns.map(({ label }) => label),
    ['n_estimators'],
  );
  assert.deepEqual(
    columnGroups(columnsOf([])).map(({ title }) => title),
    ['Run'],
  );
});

test('one who points at a cell sees all of it', () => {
  const title = (field: string) => {
    const column = columnsOf([run]).find((one) => one.field === field);
    return column && cellTitle(run, column);
  };
  assert.equal(title('metrics.accuracy'), '0.9712');
  assert.equal(title('attributes.start_time'), '1970-01-01T00:00:01.000Z');
  assert.equal(title('params.n_estimators'), '300');
  assert.equal(title('attributes.name'), undefined);
});

test('a name with anything odd is quoted for the filter language', () => {
  assert.equal(fieldName('metrics', 'f1.macro'), 'metrics.f1.macro');
  assert.equal(fieldName('metrics', 'a b'), 'metrics.`a b`');
  assert.equal(fieldName('params', 'a`b'), 'params."a`b"');
});

test('cells say what a run has, and a dash for what it has not', () => {
  const text = (field: string) => {
    const column = columnsOf([run]).find((one) => one.field === field);
    return column && cellText(run, column, 9000);
  };
  assert.equal(text('metrics.accuracy'), '0.971');
  assert.equal(text('metrics.`my metric`'), '–');
  assert.equal(text('attributes.status'), 'Finished');
  assert.equal(text('attributes.duration'), '2.5 s');
  assert.equal(text('dataset.name'), 'penguins.csv');
});

test('a head sorts down, then up, then not at all', () => {
  const field = 'metrics.accuracy';
  const down = nextOrder(null, field);
  const up = nextOrder(down, field);
  assert.equal(orderText(down), 'metrics.accuracy DESC');
  assert.equal(orderText(up), 'metrics.accuracy ASC');
  assert.equal(nextOrder(up, field), null);
  assert.equal(ariaSort(up, field), 'ascending');
  assert.equal(ariaSort(up, 'params.x'), undefined);
});

test('a filter that cannot be read is cut where it stops making sense', () => {
  const problem = (message: string) => ({ code: 'bad_filter', message, details: {} });
  assert.deepEqual(brokenAt('metrics.ä > x', problem('cannot be read at character 13: a number')), {
    before: 'metrics.ä > ',
    after: 'x',
  });
  assert.equal(brokenAt('x', problem('cannot be read at character 0: too long')), null);
  assert.equal(brokenAt('x', problem('something else')), null);
});
