/** What a model predicts, as columns, and what it lets one read of itself. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ClassColumns, Model, Table } from 'hedgerow';
import { type Installed, install } from './support/installed.js';

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let penguins: Table;
let species: Model;
const forest = { kind: 'random-forest', nEstimators: 5 } as const;
const tree = { kind: 'decision-tree', maxDepth: 3 } as const;

before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  penguins = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'penguins.csv')));
  species = await hedgerow.train(penguins, { target: 'species', learner: forest });
});
after(() => installed.remove());

function classColumns(model: Model, rows: Parameters<Model['predictColumns']>[0]): ClassColumns {
  const predicted = model.predictColumns(rows);
  assert.equal(predicted.kind, 'classification');
  return predicted as ClassColumns;
}

test('predictions as columns are those as objects', () => {
  const { classes, codes, probabilities } = classColumns(species, penguins);
  assert.deepEqual(classes, ['Adelie', 'Chinstrap', 'Gentoo']);
  assert.equal(probabilities.length, 3);
  species.predict(penguins, { proba: true }).forEach(({ label, probabilities: own }, row) => {
    assert.equal(classes[codes[row] ?? -1], label);
    assert.deepEqual(
      classes.map((_, index) => probabilities[index]?.[row]),
      Object.values(own),
    );
  });
});

test('row objects and no rows at all are predicted as columns, too', () => {
  const { codes, probabilities } = classColumns(species, [{ bill_length_mm: 39.1 }, {}]);
  assert.equal(codes.length, 2);
  assert.ok(probabilities.every((of) => of instanceof Float64Array && of.length === 2));
  const none = classColumns(species, penguins.head(0));
  assert.deepEqual([none.codes.length, ...none.probabilities.map(({ length }) => length)], [0, 0, 0, 0]);
  assert.throws(() => species.predictColumns([{ bill: 1 }]), { code: 'unknown_field' });
});

test('what is done with predicted columns leaves the model alone', () => {
  const { classes } = classColumns(species, penguins);
  classes.reverse();
  assert.equal(classColumns(species, penguins).classes[0], 'Adelie');
});

test('numbers are one column', async () => {
  const known = penguins.dropMissing(['body_mass_g']);
  const model = await hedgerow.train(known, { target: 'body_mass_g', learner: forest });
  const predicted = model.predictColumns(known);
  assert.ok(predicted.kind === 'regression' && predicted.values instanceof Float64Array);
  assert.deepEqual(Array.from(predicted.values), model.predict(known));
});

test('the second column of an isolation forest are scores, and its codes go by the threshold', async () => {
  const learner = { kind: 'isolation-forest', contamination: 0.05 } as const;
  const model = await hedgerow.train(penguins, { learner });
  const { classes, codes, probabilities } = classColumns(model, penguins);
  assert.deepEqual(classes, ['normal', 'anomaly']);
  const { threshold = 1 } = model.info;
  assert.deepEqual(
    Array.from(codes),
    Array.from(probabilities[1] ?? [], (score) => Number(score >= threshold)),
  );
});

test('a tree is nodes whose children stand behind them, from the root to leaves of class shares', async () => {
  const model = await hedgerow.train(penguins, { target: 'species', learner: tree });
  const { outputs, nodes } = model.tree();
  assert.deepEqual(outputs, ['Adelie', 'Chinstrap', 'Gentoo']);
  assert.deepEqual(
    { ...nodes[0], children: [], rows: nodes[0]?.rows },
    {
      label: '',
      depth: 0,
      rows: 344,
      share: 1,
      values: [],
      children: [],
    },
  );
  nodes.forEach(({ depth, children, values, rows }, place) => {
    assert.ok(depth <= 3);
    assert.equal(values.length, children.length === 0 ? 3 : 0);
    const below = children.map((child) => nodes[child]);
    assert.ok(children.every((child) => child > place));
    if (below.length > 0)
      assert.equal(
        below.reduce((sum, node) => sum + (node?.rows ?? 0), 0),
        rows,
      );
    for (const node of below) assert.match(node?.label ?? '', /^\w+ (<=|>|in|not in|is) /);
  });
  assert.equal(model.tree(0, { maxDepth: 1 }).nodes.length, 3);
  const text = model.treeText();
  assert.ok(nodes.every(({ label }) => text.includes(label)));
});

test('what has no such tree says so', async () => {
  assert.ok(species.tree(4).nodes.length > 1);
  assert.throws(() => species.tree(5), { code: 'no_tree' });
  const bayes = await hedgerow.train(penguins, { target: 'species', learner: { kind: 'naive-bayes' } });
  assert.throws(() => bayes.tree(), { code: 'no_tree' });
});

test("coefficients predict what the model predicts, in the features' own units", async () => {
  const x = Float64Array.from({ length: 40 }, (_, row) => (row * 7) % 11);
  const z = Float64Array.from({ length: 40 }, (_, row) => (row * 5) % 13);
  const y = x.map((value, row) => 3 + 2 * value - 0.5 * (z[row] ?? 0));
  const table = hedgerow.Table.fromColumns({ x, z, y });
  for (const kind of ['linear-regression', 'ridge'] as const) {
    const learner = kind === 'ridge' ? { kind, alpha: 1e-9 } : { kind };
    const model = await hedgerow.train(table, { target: 'y', learner });
    const coefficients = model.coefficients();
    assert.deepEqual(
      coefficients.map(({ feature }) => feature),
      [null, 'x', 'z'],
    );
    for (const [index, value] of [3, 2, -0.5].entries()) {
      assert.ok(Math.abs((coefficients[index]?.value ?? 0) - value) < 1e-6, kind);
    }
    assert.ok(coefficients.every(({ class: of }) => of === null));
    assert.equal(typeof coefficients[1]?.stdError, kind === 'ridge' ? 'object' : 'number');
    assert.equal(typeof coefficients[1]?.standardized, kind === 'ridge' ? 'number' : 'object');
  }
});

test('coefficients of classes name them; other models have none', async () => {
  const learner = { kind: 'logistic-regression' } as const;
  const model = await hedgerow.train(penguins, { target: 'species', learner });
  const coefficients = model.coefficients();
  assert.deepEqual([...new Set(coefficients.map((one) => one.class))], ['Adelie', 'Chinstrap', 'Gentoo']);
  const features = coefficients.filter((one) => one.class === 'Gentoo').map(({ feature }) => feature);
  assert.equal(features[0], null);
  assert.ok(features.includes('bill_length_mm') && features.includes('island=Biscoe'));
  assert.deepEqual(species.coefficients(), []);
});
