import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Declaration, Parameter } from 'hedgerow';
import { paramsOf, searchText, trialText } from './search.ts';

const trees = {
  name: 'nEstimators',
  field: 'n_estimators',
  label: 'Trees',
  default: 100,
  choices: [],
  search: { kind: 'range', low: 50, high: 500, log: true },
} as unknown as Parameter;
const depth = {
  name: 'maxDepth',
  field: 'max_depth',
  label: 'Greatest depth',
  default: null,
  optional: 'no limit',
  choices: [],
  search: { kind: 'each', values: [null, 8] },
} as unknown as Parameter;
const declared = { kind: 'random-forest', parameters: [trees, depth] } as unknown as Declaration;

test('a search is said in the words of the form', () => {
  assert.equal(searchText(trees), '50 to 500, by factors');
  assert.equal(searchText(depth), 'no limit, 8');
});

test('a trial says what was searched, in the order of the form', () => {
  assert.equal(
    trialText(declared, { max_depth: null, n_estimators: 312 }),
    'Trees 312 · Greatest depth no limit',
  );
});

test('of a found learner the form keeps what is not the default', () => {
  assert.deepEqual(paramsOf(declared, { kind: 'random-forest', nEstimators: 312, maxDepth: null }), {
    nEstimators: 312,
  });
});
