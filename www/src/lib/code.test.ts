import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Declaration, Parameter } from 'hedgerow';
import { dataCode, shellWord, trainCode } from './code.ts';
import type { Plan } from './plan.ts';
import { freshRecipe, modelFileName } from './recipe.ts';

const plan: Plan = {
  target: 'species',
  task: 'auto',
  features: ['island', 'sex'],
  learner: { kind: 'random-forest', params: { nEstimators: 50, bootstrap: true } },
  testShare: 0.2,
  seed: 42,
  stratify: true,
};

function parameter(field: string, value: unknown): Parameter {
  const name = field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return { name, field, default: value } as Parameter;
}

const declared = {
  kind: 'random-forest',
  parameters: [
    parameter('n_estimators', 100),
    parameter('bootstrap', true),
    parameter('hidden_layers', [64]),
    parameter('max_features', 'auto'),
  ],
} as Declaration;

test('only what differs from the defaults is written', () => {
  const [js, cli] = trainCode(freshRecipe('penguins.csv'), plan, {
    declared,
    columns: ['species', 'island', 'sex'],
  });
  assert.match(js?.text ?? '', /learner: \{ kind: 'random-forest', nEstimators: 50 \}/);
  assert.doesNotMatch(js?.text ?? '', /features|bootstrap|encoding/);
  assert.match(cli?.text ?? '', /--set n_estimators=50/);
  assert.doesNotMatch(cli?.text ?? '', /--features/);
});

test('features are named when not all are learned from', () => {
  const [js, cli] = trainCode(freshRecipe('p.csv'), plan, {
    declared,
    columns: ['species', 'island', 'sex', 'my id'],
  });
  assert.match(js?.text ?? '', /features: \['island', 'sex'\]/);
  assert.match(cli?.text ?? '', /--features island sex/);
});

test('lists and words are written as each language has them', () => {
  const learner = { kind: 'random-forest', params: { hiddenLayers: [64, 32], maxFeatures: 'sqrt' } };
  const [js, cli] = trainCode(freshRecipe('p.csv'), { ...plan, learner }, { declared, columns: [] });
  assert.match(js?.text ?? '', /hiddenLayers: \[64, 32\], maxFeatures: 'sqrt'/);
  assert.match(cli?.text ?? '', /--set 'hidden_layers=\[64,32\]'/);
  assert.match(cli?.text ?? '', /--set max_features=sqrt/);
});

test('reading says encoding, kinds and dropped rows', () => {
  const recipe = {
    ...freshRecipe('p.csv'),
    encoding: 'latin1' as const,
    kinds: { 'a b': 'date' as const },
    dropped: ['sex'],
  };
  const [js] = dataCode(recipe);
  assert.match(js?.text ?? '', /\{ encoding: 'latin1', kinds: \{ 'a b': 'date' \} \}/);
  assert.match(js?.text ?? '', /read\.dropMissing\(\['sex'\]\)/);
});

test('nothing escapes from a shell word', () => {
  assert.equal(shellWord("it's; rm -rf $HOME"), "'it'\\''s; rm -rf $HOME'");
  assert.equal(shellWord('penguins.csv'), 'penguins.csv');
});

test('a model file is named by its target and hash', () => {
  assert.equal(modelFileName('bill length (mm)', 'abcdef0123456789'), 'bill-length-mm-abcdef01.safetensors');
});
