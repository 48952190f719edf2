import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Declaration, Parameter } from 'hedgerow';
import type { Plan } from './plan.ts';
import { freshRecipe } from './recipe.ts';
import { defaultStudy } from './studies.ts';
import { compareCode, curveCode, tuneCode } from './study-code.ts';

const declared = {
  kind: 'ridge',
  parameters: [{ name: 'alpha', field: 'alpha', default: 1 } as Parameter],
} as unknown as Declaration;
const plan: Plan = {
  target: 'price',
  task: 'auto',
  features: ['carat'],
  learner: { kind: 'ridge', params: { alpha: 0.5 } },
  testShare: 0.2,
  seed: 7,
  stratify: false,
};
const asked = { recipe: freshRecipe('diamonds.csv'), plan, choice: { ...defaultStudy(), seconds: 60 } };
const columns = ['price', 'carat'];

test('comparing names every learner, with what was changed of it', () => {
  const [js, cli] = compareCode(asked, [{ declared, params: { alpha: 0.5 } }], columns);
  assert.match(js?.text ?? '', /import \{ Table, compare \} from 'hedgerow'/);
  assert.match(js?.text ?? '', /\{ kind: 'ridge', alpha: 0.5 \},/);
  assert.match(cli?.text ?? '', /^hedgerow compare diamonds\.csv/);
  assert.match(cli?.text ?? '', /--learner ridge:alpha=0\.5/);
});

test('tuning says how long it may take', () => {
  const [js, cli] = tuneCode(asked, { declared, columns });
  assert.match(js?.text ?? '', /trials: 30,\n {2}seconds: 60,/);
  assert.match(cli?.text ?? '', /--trials 30/);
});

test('tuning keeps a training profile where training does', () => {
  const [js, cli] = tuneCode({ ...asked, plan: { ...plan, profile: true } }, { declared, columns });
  assert.match(js?.text ?? '', /profile: true,/);
  assert.doesNotMatch(cli?.text ?? '', /profile/);
  const [plainJs, plainCli] = tuneCode(asked, { declared, columns });
  assert.doesNotMatch(plainJs?.text ?? '', /profile/);
  assert.match(plainCli?.text ?? '', /--no-profile/);
});

test('a learning curve has the learner as chosen', () => {
  const [js] = curveCode(asked, { declared, columns });
  assert.match(
    js?.text ?? '',
    /learningCurve\(table, \{\n {2}target: 'price',\n {2}learner: \{ kind: 'ridge'/,
  );
});
