import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from 'hedgerow/monitor';
import { columns } from './drift.fixture.ts';
import {
  aboutChoices,
  aboutOf,
  boundOf,
  isShown,
  metricChoices,
  newRule,
  unbounded,
  withAbout,
  withBound,
  withField,
  withFigure,
} from './rules-form.ts';

const gaps: Rule = { name: 'gaps', figure: 'missing_share', columns: ['height'], above: 0.1, minRows: 5 };

test('a form shows rules with one bound each and a figure that it knows', () => {
  assert.ok(isShown([gaps, { name: 'none', figure: 'score' }]));
  for (const other of [
    null,
    {},
    [null],
    ['x'],
    [{ ...gaps, figure: 'guess' }],
    [{ ...gaps, below: 0.01 }],
    [{ ...gaps, figure: 'toString' }],
    [{ ...gaps, columns: null }],
    [{ ...gaps, columns: 5 }],
    [{ ...gaps, name: 5 }],
    [{ ...gaps, role: null }],
  ])
    assert.equal(isShown(other), false, JSON.stringify(other));
});

test('a bound takes the place of the one before', () => {
  const lower = withBound(gaps, 'below', 0.2);
  assert.deepEqual(lower, {
    name: 'gaps',
    figure: 'missing_share',
    columns: ['height'],
    minRows: 5,
    below: 0.2,
  });
  assert.equal(boundOf(lower), 'below');
  assert.equal(unbounded([gaps, lower]), undefined);
  const open = withBound(lower, 'atLeast', Number.NaN);
  assert.equal(boundOf(open), 'atLeast');
  assert.equal(unbounded([gaps, open]), open);
});

test('another figure keeps what it can have, and nothing else', () => {
  const changed: Rule = { ...gaps, change: 'reference' };
  assert.deepEqual(withFigure(changed, 'mean'), { ...changed, figure: 'mean' });
  assert.deepEqual(withFigure(changed, 'score'), { ...gaps, figure: 'score' });
  const { columns: _columns, ...rest } = gaps;
  assert.deepEqual(withFigure(changed, 'metric_loss'), { ...rest, figure: 'metric_loss' });
  const metric: Rule = { name: 'm', figure: 'metric', metric: 'logLoss', below: 1, change: 'previous' };
  assert.deepEqual(withFigure(metric, 'estimated_metric'), {
    name: 'm',
    figure: 'estimated_metric',
    below: 1,
    change: 'previous',
  });
});

test('what is left empty is not in the rule', () => {
  const { minRows: _minRows, ...rest } = gaps;
  assert.deepEqual(withField(gaps, 'minRows', undefined), rest);
  assert.deepEqual(withField(gaps, 'windows', 3), { ...gaps, windows: 3 });
});

test('a rule is about any feature, one of them, or answers', () => {
  const labels = aboutChoices(gaps, columns).map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 2), ['any feature', 'the prediction']);
  assert.ok(labels.includes('height') && labels.includes('word'));
  for (const { value } of aboutChoices(gaps, columns)) assert.equal(aboutOf(withAbout(gaps, value)), value);
  const { columns: _columns, ...any } = gaps;
  assert.deepEqual(withAbout(gaps, aboutOf(any)), any);
  const two: Rule = { ...gaps, columns: ['height', 'gone'] };
  assert.deepEqual(aboutChoices(two, columns).at(-1), { value: aboutOf(two), label: 'height, gone' });
});

test('metrics are those of the task, the usual one first', () => {
  const rule: Rule = { name: 'm', figure: 'metric', above: 1 };
  const numbers = columns.filter(({ role }) => role === 'feature');
  assert.deepEqual(
    metricChoices(rule, numbers).map(({ value }) => value),
    ['', 'rmse', 'r2'],
  );
  assert.ok(
    metricChoices({ ...rule, metric: 'accuracy' }, numbers).some(({ value }) => value === 'accuracy'),
  );
});

test('a new rule has a name that no other has', () => {
  assert.equal(newRule([]).name, 'rule 1');
  assert.equal(newRule([gaps, { ...gaps, name: 'rule 3' }]).name, 'rule 4');
});
