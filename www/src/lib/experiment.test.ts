import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExperimentReport, VariantComparison } from 'hedgerow/monitor';
import type { AbColumn } from '../worker/protocol.ts';
import {
  changedColumns,
  differencesText,
  differenceText,
  experimentFinding,
  guessedColumns,
  isShare,
  keptSettings,
  placesOf,
  ratioText,
  variantRows,
  weightsIn,
} from './experiment.ts';
import { compareCode, planCode } from './experiment-code.ts';

const column = (name: string, kind: AbColumn['kind'], words: string[] = []): AbColumn => ({
  name,
  kind,
  words,
});

const comparison = (variant: string, verdict: VariantComparison['verdict']): VariantComparison => ({
  variant,
  verdict,
  message: '',
  anyTime: null,
  once: null,
});

function report(
  verdicts: Record<string, VariantComparison['verdict']>,
  isMismatch = false,
): ExperimentReport {
  const names = ['A', ...Object.keys(verdicts)];
  return {
    variants: names.map((name, index) => ({ name, n: 100 + index, mean: 0.1, std: 0.3 })),
    control: 'A',
    alpha: 0.05,
    sampleRatio: { expected: names.map(() => 100), statistic: 1, pValue: 0.3, isMismatch },
    comparisons: Object.entries(verdicts).map(([variant, verdict]) => comparison(variant, verdict)),
    posteriors: names.map((variant, index) => ({
      variant,
      probabilityBest: 1 / names.length,
      expectedLoss: 0,
      mean: 0.1 + index / 100,
      interval: [0.08 + index / 100, 0.12 + index / 100],
    })),
  };
}

test('columns are guessed by their names, else by their kinds', () => {
  const named = [
    column('country', 'category', ['DE', 'FR']),
    column('age', 'number'),
    column('group', 'category', ['new', 'old']),
    column('converted', 'category', ['no', 'yes']),
  ];
  assert.deepEqual(guessedColumns(named), {
    variant: 'group',
    outcome: 'converted',
    success: 'yes',
    covariate: null,
  });
  const plain = [
    column('who', 'category', ['a', 'b']),
    column('before', 'number'),
    column('after', 'number'),
  ];
  assert.deepEqual(guessedColumns(plain), {
    variant: 'who',
    outcome: 'after',
    success: null,
    covariate: null,
  });
});

test('a table of numbers alone has no variants', () => {
  assert.equal(guessedColumns([column('x', 'number'), column('y', 'number')]), null);
  assert.equal(guessedColumns([column('x', 'category', ['only']), column('y', 'number')]), null);
});

test('weights are read as they are written, and what is none is not', () => {
  assert.deepEqual(weightsIn(' A=0.9, B = 0.1 '), { A: 0.9, B: 0.1 });
  assert.deepEqual(weightsIn(''), {});
  assert.deepEqual(weightsIn('a=b=2'), { 'a=b': 2 });
  for (const wrong of ['A', 'A=', 'A=x', '=1', 'A=-1']) assert.equal(weightsIn(wrong), null, wrong);
});

test('the title is what matters most', () => {
  assert.equal(experimentFinding(report({ B: 'better', C: 'worse' })), 'B is better than A');
  assert.equal(experimentFinding(report({ B: 'better', C: 'better' })), 'B and C are better than A');
  assert.equal(experimentFinding(report({ B: 'worse' })), 'B is worse than A');
  assert.equal(experimentFinding(report({ B: 'worse', C: 'undecided' })), 'Nothing is better than A yet');
  assert.equal(experimentFinding(report({ B: 'untested' })), 'There is too little to test yet');
  assert.match(experimentFinding(report({ B: 'untrusted' }, true)), /^No verdict can be trusted/);
});

test('the control comes first, and every interval is on the scale', () => {
  const told = { ...report({ B: 'better', C: 'worse' }), control: 'B' };
  const rows = variantRows(told);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['B', 'A', 'C'],
  );
  const place = placesOf(rows);
  for (const { posterior } of rows) {
    const places = [...(posterior?.interval ?? []), posterior?.mean ?? 0].map(place);
    assert.ok(places.every((one) => one > 0 && one < 1));
  }
});

test('differences have a sign, and those of shares are points', () => {
  assert.equal(differenceText(0.0295, true), '+2.95 points');
  assert.equal(differencesText([-0.0124, 0.0201], true), '−1.24 to +2.01 points');
  assert.equal(differenceText(-3, false), '−3');
});

test('outcomes are shares only where all arms count successes', () => {
  assert.ok(isShare({ variants: { A: { n: 2, successes: 1 } } }));
  assert.ok(!isShare({ variants: { A: { n: 2, successes: 1 }, B: { n: 2, sum: 1, sumSquares: 1 } } }));
});

test('with one column chosen anew, the others stay as long as they hold', () => {
  const columns: AbColumn[] = [
    { name: 'group', kind: 'category', words: ['new', 'old'] },
    { name: 'site', kind: 'category', words: ['a', 'b'] },
    { name: 'bought', kind: 'category', words: ['no', 'yes'] },
    { name: 'before', kind: 'number', words: [] },
    { name: 'spent', kind: 'number', words: [] },
  ];
  const by = { variant: 'group', outcome: 'bought', success: 'no', covariate: 'before' };
  assert.deepEqual(changedColumns(columns, by, { variant: 'site' }), { ...by, variant: 'site' });
  assert.deepEqual(changedColumns(columns, by, { covariate: null }), { ...by, covariate: null });
  assert.deepEqual(changedColumns(columns, by, { outcome: 'spent' }), {
    ...by,
    outcome: 'spent',
    success: null,
  });
  assert.deepEqual(changedColumns(columns, by, { outcome: 'before' }).covariate, null);
  const swapped = changedColumns(columns, by, { variant: 'bought' });
  assert.deepEqual([swapped.outcome, swapped.success], ['spent', null]);
});

test('control and weights stay while they are about the variants that were counted', () => {
  const of = (...names: string[]) => ({
    variants: Object.fromEntries(names.map((name) => [name, { n: 2, successes: 1 }])),
  });
  const chosen = { control: 'old', weights: 'old=1, new=3' };
  assert.deepEqual(keptSettings([of('old'), of('new')], chosen), chosen);
  assert.deepEqual(keptSettings([of('old', 'other')], chosen), { control: 'old', weights: '' });
  assert.deepEqual(keptSettings([of('a', 'b')], chosen), { control: null, weights: '' });
  assert.deepEqual(keptSettings([], chosen), { control: null, weights: '' });
});

test('the assignment of units is told with its p-value', () => {
  const { sampleRatio } = report({ B: 'better' });
  assert.equal(ratioText(sampleRatio), 'Units are spread as the weights say (p = 0.3).');
  assert.match(ratioText({ ...sampleRatio, isMismatch: true }), /^Units are not spread/);
});

test('the code counts rows, reads counts and asks routers', () => {
  const [script, commands] = compareCode({
    places: [
      { name: 'units.csv', kind: 'rows' },
      { name: 'day 1.json', kind: 'counts' },
      { name: 'https://r.example/', kind: 'router' },
    ],
    by: { variant: 'group', outcome: 'bought', success: 'yes', covariate: null },
    control: 'old',
    weights: { old: 2, new: 1 },
    alpha: 0.01,
    lowerIsBetter: true,
  });
  assert.match(
    script?.text ?? '',
    /const all = \[\{ variants: \{\}, control: 'old', weights: \{ old: 2, new: 1 \} \}\];/,
  );
  assert.match(
    script?.text ?? '',
    /countVariants\(table, \{ variant: 'group', outcome: 'bought', success: 'yes' \}\)/,
  );
  assert.equal(
    commands?.text,
    [
      'curl -fsSo router-1.json https://r.example/experiment',
      "hedgerow ab compare units.csv 'day 1.json' router-1.json \\",
      '  --variant group --outcome bought --success yes \\',
      '  --control old \\',
      '  --weights old=2,new=1 \\',
      '  --alpha 0.01 \\',
      '  --lower-is-better',
    ].join('\n'),
  );
});

test('the code of a plan has what was asked for', () => {
  const [script, commands] = planCode({ baseline: 0.1, effect: 0.02 });
  assert.match(script?.text ?? '', /planExperiment\(\{ baseline: 0.1, effect: 0.02 \}\)/);
  assert.equal(commands?.text, 'hedgerow ab plan \\\n  --baseline 0.1 \\\n  --effect 0.02');
});
