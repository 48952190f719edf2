/** A model is exported to the same bytes in every runtime, and what comes out says what the model says. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Model, Table } from 'hedgerow';
import { type App, openApp } from './support/browser.js';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';
import { runtimes } from './support/runtimes.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

type Hedgerow = typeof import('hedgerow');
type Edge = typeof import('hedgerow/edge');

let installed: Installed;
let app: App;
let hedgerow: Hedgerow;
let edge: Edge;
let table: Table;
let model: Model;

before(async () => {
  installed = await install();
  app = await openApp(installed);
  hedgerow = await installed.load();
  edge = await import(pathToFileURL(join(installed.folder, 'node_modules/hedgerow/dist/edge.js')).href);
  table = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'penguins.csv')));
  const learner = { kind: 'random-forest', nEstimators: 5 } as const;
  model = await hedgerow.train(table, { target: 'species', learner });
});
after(async () => {
  await app?.browser.close();
  app?.server.close();
  await installed?.remove();
});

/** SHA-256 of each file below a folder, by its path. */
async function hashesIn(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(
      async (file): Promise<[string, string]> => [
        file.slice(folder.length + 1),
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ],
    ),
  );
}

/** What the command line exports to every target. */
async function exportedByCommand(): Promise<Record<string, string>> {
  await writeFile(join(installed.folder, 'model.safetensors'), model.save());
  for (const { name } of await hedgerow.exportTargets()) {
    const args = ['export', 'model.safetensors', '--to', name, '--out', join('exported', name)];
    await succeed(cli, args, installed.folder);
  }
  return Object.fromEntries(await hashesIn(join(installed.folder, 'exported')));
}

test('every target has a title, a summary and what it needs', async () => {
  const targets = await hedgerow.exportTargets();
  assert.ok(targets.length >= 6);
  for (const target of targets) for (const text of Object.values(target)) assert.ok(text.length > 2);
});

test('the command line, Node, Deno, Bun and Chromium export the same bytes to every target', async () => {
  const expected = await exportedByCommand();
  for (const [name, command] of Object.entries(runtimes)) {
    const printed = await succeed(...command('print-exported.mjs'), installed.folder);
    assert.deepEqual(JSON.parse(printed), expected, name);
  }
  assert.deepEqual(await app.page.evaluate('exported()'), expected, 'Chromium');
  assert.deepEqual(app.problems, []);
});

test('two models become a router, byte for byte as the command line writes it', async () => {
  const learner = { kind: 'logistic-regression' } as const;
  const challenger = await hedgerow.train(table, { target: 'species', learner });
  const files = await model.exportRouter(challenger, { weight: 0.25, name: 'penguins' });
  const hashes = files.map(({ path, bytes }) => [path, createHash('sha256').update(bytes).digest('hex')]);
  await writeFile(join(installed.folder, 'champion.safetensors'), model.save());
  await writeFile(join(installed.folder, 'challenger.safetensors'), challenger.save());
  const args = ['export', 'champion.safetensors', '--to', 'router', '--with', 'challenger.safetensors'];
  await succeed(
    cli,
    [...args, '--weight', '0.25', '--name', 'penguins', '--out', 'routed'],
    installed.folder,
  );
  const expected = Object.fromEntries(await hashesIn(join(installed.folder, 'routed')));
  assert.deepEqual(Object.fromEntries(hashes), expected);
});

test('models that no router can have are said by code', async () => {
  const other = await hedgerow.train(table, { target: 'island', learner: { kind: 'naive-bayes' } });
  await assert.rejects(model.exportRouter(other), { name: 'HedgerowError', code: 'models_differ' });
  for (const weight of [-0.1, 1.1, Number.NaN]) {
    await assert.rejects(model.exportRouter(model, { weight }), {
      name: 'HedgerowError',
      code: 'bad_weight',
    });
  }
});

test('a page that exports nothing loads nothing for it', async () => {
  const page = await app.browser.newPage();
  await page.goto(app.page.url());
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  await page.evaluate('tenLines(0)');
  const loaded: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').map((entry) => entry.name)",
  );
  assert.deepEqual(
    loaded.filter((name) => /_export|scorer|handler/.test(name)),
    [],
  );
});

test('what cannot be loaded is said by code, and tried again with the next export', async () => {
  const page = await app.browser.newPage();
  await page.goto(app.page.url());
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  await page.route('**/scorer*.wasm', (route) => route.abort());
  assert.equal(await page.evaluate('exported().catch((error) => error.code)'), 'not_loaded');
  await page.unroute('**/scorer*.wasm');
  assert.ok(Object.keys((await page.evaluate('exported()')) as object).length > 20);
});

test('the compiled model scores as the model predicts, to the bit', async () => {
  const scorer = edge.Scorer.from(await model.compile());
  const columns = scorer.description.features.map(({ name, kind }) => {
    const column = table.column(name);
    return column.kind === 'number'
      ? column.values
      : Array.from({ length: table.numRows }, (_, row) => cellOf(table, name, row, kind));
  });
  const { values, classes } = scorer.score(columns, table.numRows);
  const own = model.predictColumns(table);
  assert.ok(own.kind === 'classification');
  assert.deepEqual(classes, own.codes);
  own.probabilities.forEach((share, index) => {
    const scored = share.map((_, row) => values[row * own.classes.length + index] ?? Number.NaN);
    assert.deepEqual(scored, share);
  });
});

/** A category as a scorer takes it. */
function cellOf(from: Table, name: string, row: number, kind: string): string | null {
  assert.equal(kind, 'category', `${name} is tested as a category`);
  const [cells] = from.toRows(row, row + 1);
  const value = cells?.[name] ?? null;
  return value === null ? null : String(value);
}

test('a model is a service as it is', async () => {
  const handler = edge.createHandler(model);
  const row = { bill_length_mm: 39.1, island: 'Torgersen' };
  const response = await edge.createHandler(model, { missingFields: 'missing' })(
    new Request('http://localhost/invocations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dataframe_records: [row] }),
    }),
  );
  assert.deepEqual(await response.json(), { predictions: model.predict([row]) });
  const described = await (await handler(new Request('http://localhost/model'))).json();
  assert.equal(described.version, model.sha256);
  assert.equal(described.name, 'species');
});

test('a model that cannot be compiled is an answer with a code, and is tried again', async () => {
  let times = 0;
  const compile = async () => {
    times += 1;
    if (times === 1) throw new Error('no memory');
    return model.compile();
  };
  const handler = edge.createHandler({ compile });
  const first = await handler(new Request('http://localhost/health'));
  assert.equal(first.status, 500);
  assert.equal((await first.json()).code, 'internal_error');
  assert.equal((await handler(new Request('http://localhost/health'))).status, 200);
});

test('what cannot be exported is said by code', async () => {
  await assert.rejects(model.export('mainframe' as 'wasm'), {
    name: 'HedgerowError',
    code: 'unknown_target',
  });
  for (const name of ['', 'My model', '-a', 'a'.repeat(55)]) {
    await assert.rejects(model.export('wasm', { name }), { name: 'HedgerowError', code: 'bad_name' });
  }
  const freed = hedgerow.Model.load(model.save());
  freed.free();
  await assert.rejects(freed.export('wasm'), { name: 'HedgerowError', code: 'freed' });
});

test('a name is what the service is called', async () => {
  const scorer = edge.Scorer.from(await model.compile({ name: 'which-penguin' }));
  assert.equal(scorer.description.name, 'which-penguin');
});
