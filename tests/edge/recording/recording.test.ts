/** What a service counts, and how it is asked for that: an exported model in this process. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHandler } from 'hedgerow/edge';
import {
  HedgerowError,
  memoryBacking,
  type RecordStore,
  recordInMemory,
  recordToObject,
} from 'hedgerow/edge/recording';
import { type Models, models, type Trained } from '../support/exports.js';
import { toCsv } from '../support/golden.js';
import { classifier } from '../support/models.js';
import {
  countedByLibrary,
  get,
  profileOf,
  rowsOf,
  serving,
  total,
  type Watched,
  watched,
  windowsOf,
} from '../support/recorded.js';
import { json, post, postCsv, refuses } from '../support/requests.js';

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
    { HEDGEROW_WEBHOOK: { url: 'https://alarms.example' } },
    { HEDGEROW_DRIFT_HOURS: '0.5' },
    { HEDGEROW_DRIFT_HOURS: '-1' },
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

test('options may be numbers and lists, as configuration in JSON has them', () => {
  const options = {
    HEDGEROW_SAMPLING: 0.5,
    HEDGEROW_FEEDBACK: 0,
    HEDGEROW_DRIFT_HOURS: 24,
    HEDGEROW_FLUSH_SECONDS: 5,
    HEDGEROW_RULES: [{ name: 'gaps', figure: 'missing_share', above: 0.5 }],
  };
  assert.ok(recordInMemory(model.recorder, model.scorer.description, options));
  assert.throws(
    () => recordInMemory(model.recorder, model.scorer.description, { HEDGEROW_SAMPLING: 1.5 }),
    (error) => error instanceof HedgerowError && error.code === 'bad_option',
  );
});

test('on Cloudflare nobody waits longer than a worker lives, and a binding that is missing is said', (context) => {
  const complaints = context.mock.method(console, 'error', () => undefined);
  const to = (environment: object) =>
    recordToObject(model.recorder, model.scorer.description, { ...environment }, 'COUNTS');
  const COUNTS = { idFromName: () => 0, get: () => undefined };
  assert.ok(to({ COUNTS, HEDGEROW_FLUSH_SECONDS: '25' }));
  assert.throws(
    () => to({ COUNTS, HEDGEROW_FLUSH_SECONDS: '26' }),
    (error) => error instanceof HedgerowError && error.code === 'bad_option',
  );
  assert.equal(complaints.mock.callCount(), 0);
  assert.ok(to({}));
  assert.match(String(complaints.mock.calls[0]?.arguments[0]), /no binding COUNTS/);
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
  assert.equal((await json<{ feedback: unknown[] }>(handler(post('/feedback', example)))).feedback.length, 1);
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
    // Beyond the last date, though a whole number of milliseconds.
    8.7e15,
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

test('while the store is away, a worker holds no more of predictions than it may', async () => {
  const served = serving(model, { between: unreliable(new Array(2_000).fill('before')) });
  const rows = Array.from({ length: 400 }, () => model.trained.rows[0] ?? {});
  // A number a class, and the class.
  const bytes = 400 * (3 * 8 + 4);
  const held = Math.floor(2 ** 23 / bytes);
  const request = rowsOf(rows);
  for (let asked = 0; asked < held + 20; asked++) await served.handler(request.clone());
  const text = await (await served.handler(get('/metrics'))).text();
  assert.match(text, /hedgerow_feedback_dropped_requests_total\{[^}]*\} 20$/m);
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
