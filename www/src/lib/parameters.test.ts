import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Declaration, Parameter } from 'hedgerow';
import {
  changedParams,
  chosenValue,
  firstSentence,
  helpText,
  paramProblem,
  parseList,
  parseNumber,
  rangeText,
  valueText,
  whatItDoes,
} from './parameters.ts';

function parameter(given: Partial<Parameter>): Parameter {
  return {
    name: 'n',
    field: 'n',
    label: 'N',
    help: '',
    basic: true,
    default: 1,
    optional: null,
    type: 'whole',
    min: null,
    max: null,
    aboveMin: false,
    belowMax: false,
    choices: [],
    or: null,
    search: null,
    ...given,
  } as Parameter;
}

const trees = parameter({ label: 'Trees', min: 1, max: 10_000 });
const rate = parameter({ label: 'Rate', type: 'number', min: 0, max: 1, aboveMin: true });
const layers = parameter({ label: 'Layers', type: 'list', min: 1, max: 4096, default: [64] });
const features = parameter({
  label: 'Features',
  type: 'choice',
  choices: [{ value: 'auto', label: 'automatic' }],
  or: 'a whole number from 1 or a fraction between 0 and 1',
});

test('a range says which ends belong to it', () => {
  assert.equal(rangeText(trees), 'from 1 to 10,000');
  assert.equal(rangeText(rate), 'above 0, to 1');
  assert.equal(rangeText(parameter({ min: 0, max: 1, belowMax: true })), 'from 0, below 1');
  assert.equal(rangeText(parameter({ min: 1 })), 'from 1');
  assert.equal(rangeText(parameter({ max: 5 })), 'up to 5');
  assert.equal(rangeText(parameter({})), '');
});

test('a value out of range is told with the range', () => {
  assert.equal(paramProblem(trees, 100), null);
  assert.equal(paramProblem(trees, 0), 'Trees is a whole number from 1 to 10,000.');
  assert.equal(paramProblem(trees, 2.5), 'Trees is a whole number from 1 to 10,000.');
  assert.equal(paramProblem(trees, 'many'), 'Trees is a whole number from 1 to 10,000.');
  assert.equal(paramProblem(rate, 0), 'Rate is a number above 0, to 1.');
  assert.equal(paramProblem(rate, 1), null);
  assert.match(paramProblem(layers, [64, 0]) ?? '', /whole numbers from 1 to 4,096, with commas between/);
  assert.equal(paramProblem(features, 'auto'), null);
  assert.equal(paramProblem(features, 0.3), null);
  assert.match(paramProblem(features, 'some') ?? '', /or a whole number from 1/);
});

test('nothing is a value only where it means something', () => {
  assert.match(paramProblem(trees, null) ?? '', /whole number/);
  assert.equal(paramProblem(parameter({ optional: 'no limit', min: 1 }), null), null);
});

test('what was emptied stays empty where the default is something', () => {
  const patience = parameter({ name: 'patience', default: 10, optional: 'never' });
  assert.equal(chosenValue(patience, { patience: null }), null);
  assert.equal(chosenValue(patience, {}), 10);
});

test('help speaks of an empty field, not of null', () => {
  const depth = parameter({ help: 'Splits, from 1; null for no limit. Default null.', optional: 'no limit' });
  const early = parameter({ help: 'Rounds. null for no end.', optional: 'never' });
  assert.equal(helpText(early), 'Rounds. Empty for no end.');
  assert.equal(helpText(depth), 'Splits, from 1; empty for no limit. Default: no limit.');
});

test('a list is as its text, and the other way round', () => {
  assert.deepEqual(parseList('64, 32'), [64, 32]);
  assert.deepEqual(parseList('64 32,'), [64, 32]);
  assert.equal(parseList('64, x'), '64, x');
  assert.equal(valueText([64, 32]), '64, 32');
  assert.equal(parseNumber(' '), null);
  assert.equal(parseNumber('1e-3'), 0.001);
  assert.equal(parseNumber('1e-'), '1e-');
});

test('a list equal to the default is no change', () => {
  const declared = { kind: 'mlp', label: '', about: '', tasks: [], parameters: [layers] } as Declaration;
  assert.deepEqual(changedParams(declared, { n: [64] }), []);
  assert.equal(changedParams(declared, { n: [64, 32] }).length, 1);
});

test('a first sentence ends at its full stop, not at one within a number', () => {
  assert.equal(firstSentence('Grows 1.5 trees. And more.'), 'Grows 1.5 trees.');
  assert.equal(
    firstSentence('A tree (Breiman et al. 1984): one. Two.'),
    'A tree (Breiman et al. 1984): one.',
  );
  assert.equal(firstSentence('No stop'), 'No stop');
});

test('what a learner does goes without its name, and without where it is from', () => {
  const does = (about: string) => whatItDoes({ about } as Declaration);
  assert.equal(
    does('Decision tree (CART, Breiman et al. 1984): questions with two answers. More.'),
    'Questions with two answers.',
  );
  assert.equal(does('Naive Bayes: how likely each class is.'), 'How likely each class is.');
  assert.equal(does('A line (the best) of two: this and that.'), 'A line (the best) of two: this and that.');
});
