/** Labels that come later: joined with predictions by request id. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { memoryBacking } from 'hedgerow/edge/recording';
import { run } from '../../package/support/run.js';
import { cli, type Models, models, type Trained } from '../support/exports.js';
import { toCsv } from '../support/golden.js';
import { profileOf, rowsOf, serving, type Watched, watched } from '../support/recorded.js';
import { json, post, refuses } from '../support/requests.js';

let made: Models;
let model: Watched;
// What waits to tell the store keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));
before(async () => {
  made = await models();
  model = await watched(made, 'watched');
});
after(() => made.remove());

interface Answer {
  counted: number;
  feedback: { id: string; row: number; status: string; code?: string }[];
}

test('labels are joined by request id; what is wrong with one is said, and the others count', async () => {
  const served = serving(model);
  const { rows } = model.trained;
  const response = await served.handler(rowsOf(rows.slice(0, 3)));
  const id = response.headers.get('x-request-id') ?? '';
  const body = {
    feedback: [
      { id, row: 0, label: 'Adelie' },
      { id, row: 1, label: 'Gentoo' },
      { id, row: 1, label: 'Adelie' },
      { id, row: 2, label: 'Emperor' },
      { id, row: 2, label: { species: 'Adelie' } },
      { id, row: 3, label: 'Adelie' },
      { id: 'nobody', row: 0, label: 'Adelie' },
      { id, row: -1, label: 'Adelie' },
      'Adelie',
      { id, row: 2, label: 'Chinstrap' },
    ],
  };
  const answer = await json<Answer>(served.handler(post('/feedback', body)));
  assert.equal(answer.counted, 3);
  assert.deepEqual(
    answer.feedback.map(({ status, code }) => code ?? status),
    [
      'counted',
      'counted',
      'repeated_label',
      'unknown_class',
      'bad_label',
      'unknown_row',
      'unknown_id',
      'bad_request',
      'bad_request',
      'counted',
    ],
  );
  const again = await json<Answer>(
    served.handler(post('/feedback', { feedback: [{ id, label: 'Adelie' }] })),
  );
  assert.equal(again.feedback[0]?.code, 'repeated_label');
  await refuses(served.handler, post('/feedback', { feedback: 1 }), 400, 'bad_request');
  await refuses(served.handler, post('/feedback', []), 400, 'bad_request');
  assert.deepEqual(
    await json<Answer>(served.handler(post('/feedback', { feedback: [] }))).then((a) => a.feedback),
    [],
  );
});

/** What the command line says of a profile or of rows with their target. */
async function performanceOf(trained: Trained, data: string): Promise<unknown> {
  const { stdout } = await run(cli, ['monitor', 'check', trained.file, data, '--json'], made.folder);
  const { performance, columns } = JSON.parse(stdout) as { performance?: unknown; columns: Told[] };
  assert.ok(performance);
  assert.ok(columns.find(({ role }) => role === 'target')?.test);
  return { performance, columns };
}

interface Told {
  role: string;
  test?: string;
}

for (const [name, target, labelOf] of [
  ['watched', 'species', (row: number) => ['Adelie', 'Gentoo', 'Chinstrap'][row % 3]],
  ['watched-regression', 'body_mass_g', (row: number) => 3_000 + 17.25 * row],
] as const) {
  test(`${name}: what labels say of the answers is what the library says of the same rows`, async () => {
    const one = await watched(made, name);
    const { rows } = one.trained;
    const served = serving(one);
    const [first, second] = [rows.slice(0, 20), rows.slice(20)];
    await served.handler(post('/invocations', { dataframe_records: first }, { 'x-request-id': 'a' }));
    await served.handler(post('/invocations', { dataframe_records: second }, { 'x-request-id': 'b' }));
    const feedback = rows.map((_, row) => ({
      id: row < 20 ? 'a' : 'b',
      row: row < 20 ? row : row - 20,
      label: labelOf(row),
    }));
    for (const some of [feedback.slice(30), feedback.slice(0, 31), feedback]) {
      await json<Answer>(served.handler(post('/feedback', { feedback: some })));
    }
    const [profile, csv] = [join(made.folder, 'seen.hgp'), join(made.folder, 'labelled.csv')];
    await writeFile(profile, await profileOf(served));
    await writeFile(csv, toCsv(rows.map((row, index) => ({ ...row, [target]: labelOf(index) ?? null }))));
    assert.deepEqual(await performanceOf(one.trained, profile), await performanceOf(one.trained, csv));
  });
}

test('of a regression, labels are numbers', async () => {
  const one = await watched(made, 'watched-regression');
  const served = serving(one);
  await served.handler(
    post('/invocations', { dataframe_records: one.trained.rows.slice(0, 2) }, { 'x-request-id': 'r' }),
  );
  const labels = ['4000', null, 4000, 5000].map((label) => ({ id: 'r', row: 0, label }));
  const { feedback } = await json<Answer>(served.handler(post('/feedback', { feedback: labels })));
  assert.deepEqual(
    feedback.map(({ status, code }) => code ?? status),
    ['bad_label', 'bad_label', 'counted', 'repeated_label'],
  );
});

test('of too many requests the oldest are dropped, which is counted', async () => {
  let now = Date.UTC(2026, 0, 1);
  const served = serving(model, { store: { waiting: 5, now: () => now } });
  const row = model.trained.rows.slice(0, 1);
  for (let request = 0; request < 8; request++) {
    await served.handler(post('/invocations', { dataframe_records: row }, { 'x-request-id': `r${request}` }));
    if (request % 3 === 0) await served.recording.flush();
  }
  const labels = Array.from({ length: 8 }, (_, request) => ({ id: `r${request}`, label: 'Adelie' }));
  const { feedback } = await json<Answer>(served.handler(post('/feedback', { feedback: labels })));
  assert.deepEqual(
    feedback.map(({ status }) => status === 'counted'),
    [false, false, false, true, true, true, true, true],
  );
  now += 60_000;
  const { dropped, waiting } = await served.store.summary();
  assert.deepEqual({ dropped, waiting }, { dropped: 3, waiting: 5 });
});

test('predictions and labels survive the worker', async () => {
  const backing = memoryBacking();
  const first = serving(model, { backing });
  await first.handler(
    post('/invocations', { dataframe_records: model.trained.rows }, { 'x-request-id': 'a/b' }),
  );
  await first.recording.flush();
  const second = serving(model, { backing });
  const label = { feedback: [{ id: 'a/b', row: 1, label: 'Adelie' }] };
  assert.equal((await json<Answer>(second.handler(post('/feedback', label)))).counted, 1);
  const third = serving(model, { backing });
  const again = await json<Answer>(third.handler(post('/feedback', label)));
  assert.equal(again.feedback[0]?.code, 'repeated_label');
});
