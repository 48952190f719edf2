/** What a service counts, and how it is asked for that: an exported model in this process. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createHandler } from 'hedgerow/edge';
import {
  type Backing,
  HedgerowError,
  memoryBacking,
  type RecordStore,
  recordInMemory,
} from 'hedgerow/edge/recording';
import { run } from '../../package/support/run.js';
import { cli, type Models, models, type Trained } from '../support/exports.js';
import { toCsv } from '../support/golden.js';
import { classifier } from '../support/models.js';
import {
  countedByLibrary,
  type Serving,
  serving,
  total,
  type Watched,
  watched,
} from '../support/recorded.js';
import { json, post, postCsv, refuses, url } from '../support/requests.js';

const HOUR = 3_600_000;

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

const get = (path: string, headers: Record<string, string> = {}) => new Request(url(path), { headers });
const rowsOf = (rows: Trained['rows']) => post('/invocations', { dataframe_records: rows });

async function profileOf({ handler }: Serving, query = ''): Promise<Buffer> {
  const response = await handler(get(`/profile${query}`));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/octet-stream');
  return Buffer.from(await response.arrayBuffer());
}

async function windowsOf({ handler }: Serving): Promise<{ start: string; rows: number }[]> {
  return (await json<{ windows: { start: string; rows: number }[] }>(handler(get('/profile/windows'))))
    .windows;
}

for (const name of ['watched', 'watched-regression', 'watched-anomaly'] as const) {
  test(`${name}: a service counts what the library counts of the same rows, byte for byte`, async () => {
    const one = await watched(made, name);
    const { rows } = one.trained;
    const expected = await countedByLibrary(made, one.trained, rows);
    const all = serving(one);
    assert.equal((await all.handler(postCsv(toCsv(rows)))).status, 200);
    assert.deepEqual(await profileOf(all), expected);
    const single = serving(one);
    for (const row of rows) assert.equal((await single.handler(postCsv(toCsv([row])))).status, 200);
    assert.deepEqual(await profileOf(single), expected);
    assert.deepEqual(await profileOf(single), expected, 'asking changes nothing');
  });
}

test('requests that are refused are not counted', async () => {
  const served = serving(model);
  await served.handler(post('/invocations', { dataframe_records: [{ island: 1 }] }));
  await served.handler(post('/invocations', 'no JSON'));
  assert.deepEqual(await windowsOf(served), []);
});

test('a request has an id: its own where that is short and printable', async () => {
  const { handler } = serving(model, { handler: { cors: '*' } });
  const idOf = async (id?: string) => {
    const { headers } = await handler(
      post(
        '/invocations',
        { dataframe_records: model.trained.rows },
        id === undefined ? {} : { 'x-request-id': id },
      ),
    );
    assert.equal(headers.get('access-control-expose-headers'), 'x-request-id');
    return headers.get('x-request-id') ?? '';
  };
  assert.equal(await idOf('order/17'), 'order/17');
  const uuid = /^[0-9a-f]{8}-/;
  for (const odd of [undefined, 'a b', 'x'.repeat(129), 'ü']) assert.match(await idOf(odd), uuid);
  assert.notEqual(await idOf(), await idOf());
});

test('of a share of requests, about as many are counted', async () => {
  const rowsOfShare = async (sampling: number) => {
    const served = serving(model, { recording: { sampling } });
    for (let request = 0; request < 400; request++)
      await served.handler(rowsOf(model.trained.rows.slice(0, 1)));
    return total(await windowsOf(served));
  };
  assert.equal(await rowsOfShare(0), 0);
  assert.equal(await rowsOfShare(1), 400);
  const half = await rowsOfShare(0.5);
  assert.ok(half > 140 && half < 260, `${half}`);
});

test('options that cannot be meant are refused', () => {
  for (const environment of [
    { HEDGEROW_SAMPLING: '1.5' },
    { HEDGEROW_SAMPLING: 'all' },
    { HEDGEROW_RECORDING: 'no' },
    { HEDGEROW_WEBHOOK: 'file:///etc/passwd' },
  ]) {
    assert.throws(
      () => recordInMemory(model.recorder, model.scorer.description, environment),
      (error) => error instanceof HedgerowError && error.code === 'bad_option',
    );
  }
  assert.equal(
    recordInMemory(model.recorder, model.scorer.description, { HEDGEROW_RECORDING: 'off' }),
    undefined,
  );
});

test('where nothing is recorded, that is said', async () => {
  const handler = createHandler(classifier);
  for (const path of ['/profile', '/profile/windows'])
    await refuses(handler, get(path), 404, 'no_training_profile');
  await refuses(handler, post('/feedback', {}), 404, 'no_training_profile');
});

test('the profile asks for the token, as all else', async () => {
  const { handler } = serving(model, { handler: { token: 's3cret' } });
  await refuses(handler, get('/profile'), 401, 'unauthorized');
  await refuses(handler, post('/feedback', {}), 401, 'unauthorized');
  assert.equal((await handler(get('/profile', { authorization: 'Bearer s3cret' }))).status, 200);
});

test('the OpenAPI document has the paths of what is recorded, with examples that work', async () => {
  interface Method {
    requestBody?: { content: Record<string, { example: unknown }> };
  }
  const { handler } = serving(model);
  const document = await json<{ paths: Record<string, Record<string, Method>> }>(
    handler(get('/openapi.json')),
  );
  for (const path of ['/profile', '/profile/windows']) {
    assert.ok(document.paths[path]?.get);
    assert.equal((await handler(get(path))).status, 200);
  }
  const example = document.paths['/feedback']?.post?.requestBody?.content['application/json']?.example;
  assert.equal((await json<Answer>(handler(post('/feedback', example)))).feedback.length, 1);
});

test('hours are told apart, and added up from one time to another', async () => {
  let now = Date.UTC(2026, 0, 31, 22, 59, 59);
  const served = serving(model, { store: { now: () => now } });
  const { rows } = model.trained;
  await served.handler(rowsOf(rows.slice(0, 3)));
  assert.deepEqual(await windowsOf(served), [{ start: '2026-01-31T22:00:00.000Z', rows: 3 }]);
  now += HOUR;
  await served.handler(rowsOf(rows.slice(3, 8)));
  assert.deepEqual(await windowsOf(served), [
    { start: '2026-01-31T22:00:00.000Z', rows: 3 },
    { start: '2026-01-31T23:00:00.000Z', rows: 5 },
  ]);
  const expected = (some: Trained['rows']) => countedByLibrary(made, model.trained, some);
  assert.deepEqual(await profileOf(served), await expected(rows.slice(0, 8)));
  assert.deepEqual(await profileOf(served, '?from=2026-01-31T23:00:00Z'), await expected(rows.slice(3, 8)));
  assert.deepEqual(await profileOf(served, '?to=2026-01-31T23:00:00Z'), await expected(rows.slice(0, 3)));
  await refuses(served.handler, get('/profile?from=yesterday'), 400, 'bad_option');
});

test('a clock that jumps loses nothing and counts nothing twice', async () => {
  let now = Date.UTC(2026, 5, 1, 12);
  const clock = () => now;
  const served = serving(model, { store: { now: clock }, recording: { now: clock } });
  const { rows } = model.trained;
  const jumps = [
    0,
    400 * 24 * HOUR,
    -1_000 * 24 * HOUR,
    600 * 24 * HOUR,
    -HOUR,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    1e300,
  ];
  for (const jump of jumps) {
    now = Date.UTC(2026, 5, 1, 12) + jump;
    await served.handler(rowsOf(rows));
    await served.recording.flush();
  }
  now = Date.UTC(2026, 5, 1, 12);
  assert.equal(total(await windowsOf(served)), jumps.length * rows.length);
  const all = jumps.flatMap(() => rows);
  assert.deepEqual(await profileOf(served), await countedByLibrary(made, model.trained, all));
});

test('hours that are long ago become days, with all their rows', async () => {
  let now = Date.UTC(2026, 0, 1);
  const served = serving(model, { store: { now: () => now } });
  const hours = 31 * 24 + 60;
  for (let hour = 0; hour < hours; hour++) {
    await served.handler(rowsOf(model.trained.rows.slice(0, 1)));
    await served.recording.flush();
    now += HOUR;
  }
  const windows = await windowsOf(served);
  assert.equal(total(windows), hours);
  assert.ok(windows.length <= 31 * 24 + 4, `${windows.length}`);
  assert.deepEqual(windows[0], { start: '2026-01-01T00:00:00.000Z', rows: 24 });
});

/** A store whose answers are lost, or that is not there, as often as a list says. */
function unreliable(failures: ('before' | 'after')[]): (store: RecordStore) => RecordStore {
  return (store) => ({
    windows: () => store.windows(),
    profile: (...args) => store.profile(...args),
    feedback: (labels) => store.feedback(labels),
    summary: () => store.summary(),
    async add(delta) {
      const failure = failures.shift();
      if (failure === 'before') throw new Error('not there');
      await store.add(delta);
      if (failure) throw new Error('the answer is lost');
    },
  });
}

test('what was told and not answered is told again, and counts once', async () => {
  const served = serving(model, { between: unreliable(['before', 'after', 'after', 'before']) });
  const { rows } = model.trained;
  for (let round = 0; round < 4; round++) {
    assert.equal((await served.handler(rowsOf(rows))).status, 200);
    await refuses(served.handler, get('/profile'), 503, 'store_unavailable');
  }
  assert.equal(total(await windowsOf(served)), 4 * rows.length);
  const text = await (await served.handler(get('/metrics'))).text();
  assert.match(text, /hedgerow_recording_errors_total\{.*what="store"\} 4/);
});

test('a recorder or a store that fails fails no request', async () => {
  const served = serving(model, {
    between: unreliable(new Array(100).fill('before')),
    recording: { flushAfter: 1 },
  });
  const pending: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => void pending.push(promise) };
  for (let round = 0; round < 5; round++) {
    assert.equal((await served.handler(rowsOf(model.trained.rows), context)).status, 200);
    await Promise.all(pending);
  }
  assert.ok(pending.length > 0);
  const text = await (await served.handler(get('/metrics'))).text();
  assert.match(text, /hedgerow_recorded_rows_total\{[^}]*\} \d+/);
});

test('after an answer the store is told, without being asked', async () => {
  const served = serving(model, { recording: { flushAfter: 5 } });
  const pending: Promise<unknown>[] = [];
  await served.handler(rowsOf(model.trained.rows), { waitUntil: (promise) => void pending.push(promise) });
  await served.handler(rowsOf(model.trained.rows), { waitUntil: (promise) => void pending.push(promise) });
  assert.equal(pending.length, 1, 'one waits for both');
  await Promise.all(pending);
  assert.equal(total(await served.store.windows()), 2 * model.trained.rows.length);
});

test('no row is in what is kept', async () => {
  const values = new Map<string, Uint8Array>();
  const served = serving(model, { backing: memoryBacking(values) });
  const secret = 12_345.678;
  await served.handler(
    rowsOf(model.trained.rows.map((row) => ({ ...row, body_mass_g: secret, bill_depth_mm: 7.25 }))),
  );
  await served.recording.flush();
  const kept = Buffer.concat(
    [...values].filter(([key]) => key.startsWith('waiting/')).map(([, value]) => value),
  );
  assert.ok(kept.length > 0);
  for (const cell of [secret, 7.25]) {
    assert.equal(kept.indexOf(Buffer.from(Float64Array.of(cell).buffer)), -1);
  }
});

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
  const { performance } = JSON.parse(stdout) as { performance?: unknown };
  assert.ok(performance);
  return performance;
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

/** A receiver of alarms that refuses as many as it is told. */
async function receiver(refusals: number) {
  const messages: { status: string; rule: string; columns: string[]; pictures: unknown[] }[] = [];
  let left = refusals;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    left -= 1;
    if (left < 0) messages.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(left < 0 ? 204 : 503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { messages, webhook: `http://127.0.0.1:${port}/alarms`, close: () => server.close() };
}

async function until(holds: () => boolean): Promise<void> {
  const last = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < last, 'it does not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('an alarm is sent once when it begins and once when it ends, however often the worker starts again', async () => {
  const { messages, webhook, close } = await receiver(2);
  let now = Date.UTC(2026, 0, 1);
  const backing: Backing = memoryBacking();
  const rules = JSON.stringify([{ name: 'gaps', figure: 'missing_share', above: 0.5, minRows: 30 }]);
  const store = { now: () => now, rules, webhook, hours: 1, retryAfter: 1 };
  const start = () => serving(model, { backing, store });
  const [row] = model.trained.rows;
  const see = async (served: Serving, count: number, mass: number | null) => {
    now += 60_000;
    await served.handler(rowsOf(Array.from({ length: count }, () => ({ ...row, body_mass_g: mass }))));
    await served.recording.flush();
    // What this worker looks at by itself is done before the next one starts.
    await new Promise((resolve) => setTimeout(resolve, 10));
    await served.store.summary();
  };
  // A worker that dies between an answer and its note would send again: here, the note is waited for.
  const isNoted = (state: string) => () => new TextDecoder().decode(backing.get('alarms')).includes(state);
  try {
    await see(start(), 20, null);
    assert.equal(messages.length, 0, 'quiet until there are enough');
    await see(start(), 20, null);
    await until(isNoted('"isSent":true'));
    assert.equal(messages.length, 1);
    assert.deepEqual([messages[0]?.status, messages[0]?.columns], ['firing', ['body_mass_g']]);
    assert.equal(messages[0]?.pictures.length, 1);
    for (let round = 0; round < 3; round++) await see(start(), 5, null);
    now += 2 * HOUR;
    await see(start(), 50, 4_000);
    await until(isNoted('{}'));
    assert.equal(messages.length, 2);
    assert.deepEqual([messages[1]?.status, messages[1]?.rule], ['resolved', 'gaps']);
    await see(start(), 5, 4_000);
    assert.equal(messages.length, 2);
  } finally {
    close();
  }
});

test('rules that cannot be used are told in the metrics, and nothing fails', async () => {
  const served = serving(model, { store: { rules: '[{"name": "x"}]' } });
  await served.handler(rowsOf(model.trained.rows));
  await served.recording.flush();
  const text = await (await served.handler(get('/metrics'))).text();
  assert.match(text, /hedgerow_monitoring_fault\{[^}]*\} 1/);
});
