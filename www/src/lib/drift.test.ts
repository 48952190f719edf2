import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitorReport, Rule } from 'hedgerow/monitor';
import { columns, report } from './drift.fixture.ts';
import {
  alarmed,
  columnFinding,
  hasTarget,
  headline,
  ordered,
  quietRules,
  quietText,
  rulesText,
  severity,
  statusOf,
} from './drift.ts';

const names = (order: Parameters<typeof ordered>[1]) => ordered(columns, order).map(({ name }) => name);

test('the worst comes first, whatever it was tested by', () => {
  // A p-value of 1e-12 is nine times 0.05 on the scale of logarithms, a distance of 0.5 five times 0.1.
  assert.deepEqual(names('worst'), ['few', 'height', 'empty', 'kind', 'word']);
  assert.deepEqual(names('name'), ['empty', 'few', 'height', 'kind', 'word']);
  assert.deepEqual(names('role').at(-1), 'kind');
  assert.deepEqual(names('missing').slice(0, 2), ['few', 'height']);
});

test('a score at its threshold is at 1, and no p-value is infinitely far', () => {
  const [column] = columns;
  assert.ok(column);
  assert.equal(severity({ ...column, score: 0.1 }), 1);
  assert.equal(severity({ ...column, test: 'z_test', score: 0.05, threshold: 0.05 }), 1);
  assert.ok(Number.isFinite(severity({ ...column, test: 'z_test', score: 0, threshold: 0.05 })));
});

test('a column without values has no status but that', () => {
  assert.deepEqual(columns.map(statusOf), ['ok', 'drift', 'drift', 'none', 'ok']);
});

test('what is found is said with its figures', () => {
  assert.equal(headline(report), '2 of 3 features drifted: the data has drifted');
  assert.equal(headline({ ...report, drifted: 0 }), 'None of 3 features has drifted');
  assert.equal(headline({ ...report, tested: 0 }), 'No feature could be compared');
  const texts = columns.map(columnFinding);
  assert.equal(texts[1], 'height drifted: mean 1.2, in training 0.7');
  assert.equal(texts[0], 'word is spread as in training: a<b> is 51\u00a0%, in training 50\u00a0%');
  assert.equal(texts[3], 'empty has no values to compare');
  assert.match(texts[4] ?? '', /^Predicted kind is spread as before/);
});

test('an alarm leads to its columns, by the role that they have', () => {
  const alarm = (role: string, names: string[]) =>
    ({ rule: 'one', figure: 'drifted', columns: names, role, value: 1, message: '' }) as const;
  const roles = (of: string, names: string[]) =>
    alarmed(report, alarm(of, names)).map(({ name, role }) => `${role} ${name}`);
  assert.deepEqual(roles('prediction', ['kind']), ['prediction kind']);
  assert.deepEqual(roles('target', ['kind']), []);
  assert.deepEqual(roles('feature', ['height', 'gone']), ['feature height']);
});

test('rules that have too few rows or windows are quiet, each by what it needs itself', () => {
  const rule = (name: string, more: object = {}) => ({ name, figure: 'score', ...more }) as Rule;
  const rules = [
    rule('usual'),
    rule('small', { minRows: 10 }),
    rule('large', { minRows: 500 }),
    rule('truth', { figure: 'metric', minRows: 30 }),
    rule('loss', { figure: 'metric_loss' }),
    rule('guess', { figure: 'estimated_metric', minRows: 40 }),
    rule('lasting', { minRows: 1, windows: 3 }),
    rule('jump', { minRows: 1, change: 'previous' }),
  ];
  const performance = (rows: number) => ({ rows, metrics: [] });
  const few = { ...report, rows: 99, performance: performance(20), estimatedPerformance: performance(79) };
  const texts = (of: MonitorReport, windows: number) => quietRules(rules, of, windows).map(quietText);
  assert.deepEqual(texts(few, 1), [
    'usual: from 100 new rows on; there are 99',
    'large: from 500 new rows on; there are 99',
    'truth: from 30 new rows whose target is known on; there are 20',
    'loss: from 100 new rows whose target is known on; there are 20',
    'lasting: from 3 windows on; there is 1',
    'jump: from 2 windows on; there is 1',
  ]);
  const many = { ...few, rows: 500, performance: performance(100), estimatedPerformance: performance(39) };
  assert.deepEqual(texts(many, 3), ['guess: from 40 new rows on; there are 39']);
  const { performance: _, ...unknown } = many;
  assert.ok(texts(unknown, 3).includes('truth: from 30 new rows whose target is known on; there are none'));
});

test('rules are written one a line, and read back', () => {
  const rules = [{ name: 'gaps', figure: 'missing_share', above: 0.1 } as const];
  assert.deepEqual(JSON.parse(rulesText(rules)), rules);
  assert.equal(rulesText(rules).split('\n').length, 3);
});

test('rows have the target where its column has values', () => {
  const [first] = columns;
  const of = (drifted: boolean | undefined) =>
    ({
      ...report,
      columns: [...columns, { ...first, name: 'kind', role: 'target', drifted }],
    }) as MonitorReport;
  assert.deepEqual([report, of(undefined), of(false), of(true)].map(hasTarget), [false, false, true, true]);
});
