/** What a router counts, and what of that is kept. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { type Handler, memoryBacking, type Router, routeWithFile, Store } from 'hedgerow/edge/router';
import { json, post, refuses } from '../support/requests.js';
import {
  A,
  ask,
  B,
  experimentOf,
  fails,
  get,
  keeping,
  router,
  says,
  stateOf,
  tell,
  units,
  variantOf,
} from '../support/routed.js';

const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));

/** Asks for a unit by a request of this id. */
async function asked({ handle }: Router, unit: string, id: string): Promise<string> {
  const response = await handle(ask(unit, { 'x-request-id': id }));
  return response.headers.get('x-hedgerow-variant') ?? '';
}

const withOutcome = (outcome: 'right' | 'any' | 'sum', options = {}) =>
  router({ outcome, ...options }, keeping(2, { outcome }));

test('each unit counts once, in its variant, however often it asks', async () => {
  const own = withOutcome('any');
  const expected: Record<string, number> = { A: 0, B: 0 };
  for (const unit of units(60)) {
    const variant = await variantOf(own, unit);
    expected[variant] = (expected[variant] ?? 0) + 1;
    await variantOf(own, unit);
  }
  const { variants, weights, control } = await experimentOf(own);
  assert.deepEqual(variants, { A: { n: expected.A, successes: 0 }, B: { n: expected.B, successes: 0 } });
  assert.deepEqual([weights, control], [{ A: 0.5, B: 0.5 }, 'A']);
  for (const unit of units(60)) await variantOf(own, unit);
  assert.deepEqual((await experimentOf(own)).variants, variants);
});

test('workers are added up, and units that come to several count once', async () => {
  const kept = keeping(2, { outcome: 'any' });
  const workers = [0, 1, 2].map(() => router({ outcome: 'any' }, kept));
  for (const unit of units(30)) for (const worker of workers) await variantOf(worker, unit);
  for (const worker of workers) await worker.flush();
  for (const worker of workers) {
    const { A: control, B: other } = (await experimentOf(worker)).variants;
    assert.equal((control?.n ?? 0) + (other?.n ?? 0), 30);
  }
  const state = await stateOf(workers[0] as Router);
  assert.equal((state.A?.answered ?? 0) + (state.B?.answered ?? 0), 90);
});

test('right: labels are held against what was predicted, by the unit', async () => {
  const own = withOutcome('right', { variants: [A(says('a', 'x'), 1), B(says('b'), 0)] });
  await asked(own, 'u1', 'r1');
  await asked(own, 'u1', 'r2');
  await asked(own, 'u2', 'r3');
  await asked(own, 'u3', 'without a label');
  const told = await tell(own, [
    { id: 'r1', label: 'a' },
    { id: 'r1', row: 1, label: 'y' },
    { id: 'r2', row: 0, label: 'a' },
    { id: 'r2', row: 1, label: 'x' },
    { id: 'r3', row: 0, label: 'b' },
  ]);
  assert.deepEqual(
    told.map(({ status, variant }) => [status, variant]),
    Array(5).fill(['counted', 'A']),
  );
  // u1 has three of four right, u2 none of one.
  assert.deepEqual((await experimentOf(own)).variants.A, { n: 2, sum: 0.75, sumSquares: 0.5625 });
});

test('right: of numbers, how far they are off', async () => {
  const own = withOutcome('right', { variants: [A(says(10, 20), 1), B(says(1), 0)] });
  await asked(own, 'u1', 'r1');
  await tell(own, [
    { id: 'r1', label: 12 },
    { id: 'r1', row: 1, label: 19 },
  ]);
  assert.deepEqual((await experimentOf(own)).variants.A, { n: 1, sum: 1.5, sumSquares: 2.25 });
});

test('right: the label of the Open Inference Protocol is what was predicted', async () => {
  const outputs = [
    { name: 'probabilities', data: [0.1, 0.9] },
    { name: 'label', data: ['yes'] },
  ];
  const own = withOutcome('right', {
    variants: [A(async () => Response.json({ outputs }), 1), B(says(1), 0)],
  });
  await own.handle(post('/v2/models/m/infer', {}, { 'x-request-id': 'r' }));
  assert.deepEqual((await tell(own, [{ id: 'r', label: 'yes' }]))[0]?.status, 'counted');
  assert.deepEqual((await experimentOf(own)).variants.A, { n: 1, sum: 1, sumSquares: 1 });
});

test('any and sum: outcomes are what they led to, over all units', async () => {
  for (const [outcome, arm] of [
    ['any', { n: 3, successes: 1 }],
    ['sum', { n: 3, sum: 7.5, sumSquares: 56.25 }],
  ] as const) {
    const own = withOutcome(outcome, { variants: [A(says('a'), 1), B(says('b'), 0)] });
    for (const [unit, id] of [
      ['u1', 'r1'],
      ['u1', 'r2'],
      ['u2', 'r3'],
      ['u3', 'r4'],
    ] as const)
      await asked(own, unit, id);
    await tell(own, [
      { id: 'r1', outcome: 5 },
      { id: 'r2', outcome: 2.5 },
      { id: 'r3', outcome: outcome === 'any' ? false : 0 },
    ]);
    assert.deepEqual((await experimentOf(own)).variants.A, arm);
  }
});

test('what is wrong with a result is named, and the rest counts', async () => {
  const own = withOutcome('right', { variants: [A(says('a'), 1), B(says('b'), 0)] });
  await asked(own, 'u', 'r');
  const told = await tell(own, [
    { id: 'never', label: 'a' },
    { id: 'r', row: 1, label: 'a' },
    { id: 'r', row: 0, label: { deep: 1 } },
    { id: 'r', row: 0, outcome: true },
    { id: 'r', row: 0, label: 'a' },
    { id: 'r', row: 0, label: 'b' },
    { id: 5, label: 'a' },
    { id: 'r', row: -1, label: 'a' },
    { id: 'r' },
    'no object' as unknown as object,
  ]);
  assert.deepEqual(
    told.map(({ status, code }) => code ?? status),
    [
      'unknown_id',
      'unknown_row',
      'bad_label',
      'bad_label',
      'counted',
      'repeated_label',
      ...Array(4).fill('bad_request'),
    ],
  );
  assert.deepEqual((await experimentOf(own)).variants.A, { n: 1, sum: 1, sumSquares: 1 });
  const sums = withOutcome('sum', { variants: [A(says('a'), 1), B(says('b'), 0)] });
  await asked(sums, 'u', 'r');
  const odd = await tell(sums, [
    { id: 'r', outcome: 1e300 },
    { id: 'r', outcome: 'much' },
    { id: 'r', label: 'a' },
  ]);
  assert.deepEqual(
    odd.map(({ code }) => code),
    ['bad_label', 'bad_label', 'no_outcome'],
  );
  for (const body of [[], {}, { feedback: 1 }])
    await refuses(own.handle, post('/feedback', body), 400, 'bad_request');
});

test('outcomes of who was answered by the control instead count for the variant they were assigned to', async () => {
  const own = withOutcome('right', { variants: [A(says('a'), 0), B(fails, 1)] });
  assert.equal(await asked(own, 'u', 'r'), 'A');
  await tell(own, [{ id: 'r', label: 'a' }]);
  assert.deepEqual((await experimentOf(own)).variants, {
    A: { n: 0, sum: 0, sumSquares: 0 },
    B: { n: 1, sum: 1, sumSquares: 1 },
  });
});

test('labels go to the variant that answered, to shadows, too, and are told again where it was away', async () => {
  const got: Record<string, unknown[]> = { A: [], B: [] };
  let isAway = false;
  const notes =
    (name: string): Handler =>
    async (request) => {
      if (isAway) return fails(request);
      if (!request.url.endsWith('/feedback')) return Response.json({ predictions: [name.toLowerCase()] });
      const { feedback } = (await request.json()) as { feedback: { id: string }[] };
      got[name]?.push(...feedback);
      return Response.json({
        feedback: feedback.map(({ id }) =>
          id === 'odd' ? { status: 'refused', code: 'unknown_class', error: 'no.' } : { status: 'counted' },
        ),
      });
    };
  const own = withOutcome('right', { variants: [A(notes('A'), 0), B(notes('B'), 1)] });
  for (const id of ['r1', 'odd']) await asked(own, 'u', id);
  isAway = true;
  assert.equal((await tell(own, [{ id: 'r1', label: 'b' }]))[0]?.code, 'variant_unavailable');
  isAway = false;
  const told = await tell(own, [
    { id: 'r1', label: 'b' },
    { id: 'odd', label: 'zebra' },
  ]);
  assert.deepEqual(
    told.map(({ status, code }) => code ?? status),
    ['counted', 'unknown_class'],
  );
  assert.deepEqual(
    { ...got },
    {
      A: [],
      B: [
        { id: 'r1', row: 0, label: 'b' },
        { id: 'odd', row: 0, label: 'zebra' },
      ],
    },
  );
  const shadow = withOutcome('right', { mode: 'shadow', variants: [A(notes('A')), B(notes('B'))] });
  await asked(shadow, 'u', 'r2');
  await tell(shadow, [{ id: 'r2', label: 'a' }]);
  for (const name of ['A', 'B']) assert.deepEqual(got[name]?.at(-1), { id: 'r2', row: 0, label: 'a' });
});

test('of more units than can be counted, a fair sample is, and old requests are dropped', async () => {
  const kept = keeping(2, { outcome: 'any', units: 256, waiting: 100 });
  const own = router({ outcome: 'any', variants: [A(says('a'), 0.7), B(says('b'), 0.3)] }, kept);
  for (const unit of units(3_000)) {
    const variant = await asked(own, unit, unit);
    // Those of B have twice as many.
    if (unit.endsWith('0') || (variant === 'B' && unit.endsWith('5')))
      await tell(own, [{ id: unit, outcome: true }]);
  }
  const { A: control, B: other } = (await experimentOf(own)).variants;
  const { share, waiting } = await kept.all.summary();
  const [n, m] = [control?.n ?? 0, other?.n ?? 0];
  assert.ok(share === 1 / 16 || share === 1 / 32, `${share}`);
  assert.ok(n + m <= 256 && Math.abs((n + m) / share - 3_000) < 1_000, `${n + m} of ${share}`);
  assert.ok(Math.abs(m / (n + m) - 0.3) < 5 * Math.sqrt(0.21 / (n + m)), `${m} of ${n + m}`);
  assert.ok(waiting <= 100);
  assert.equal((await tell(own, [{ id: 'unit-1', outcome: true }]))[0]?.code, 'unknown_id');
});

test('where no request may wait, none does, and units count all the same', async () => {
  const own = router({ outcome: 'any' }, keeping(2, { outcome: 'any', waiting: 0 }));
  for (const unit of units(5)) await asked(own, unit, unit);
  assert.equal((await tell(own, [{ id: 'unit-1', outcome: true }]))[0]?.code, 'unknown_id');
  const { A: control, B: other } = (await experimentOf(own)).variants;
  assert.equal((control?.n ?? 0) + (other?.n ?? 0), 5);
});

test('a delta that is told twice counts once', async () => {
  const store = new Store(memoryBacking(), 2, { outcome: 'any' });
  const delta = {
    worker: 'w',
    sequence: 1,
    figures: { A: { answered: 3 } },
    units: [['0123456789abcdef', 0]] as const,
    kept: [],
  };
  await store.add(delta);
  await store.add(delta);
  assert.deepEqual((await store.summary()).figures.A?.answered, 3);
  await store.add({ ...delta, sequence: 2 });
  assert.deepEqual((await store.summary()).figures.A?.answered, 6);
  assert.deepEqual((await store.summary()).arms, [
    { n: 1, successes: 0 },
    { n: 0, successes: 0 },
  ]);
});

test('what a store did not take is told later, and nothing twice', async () => {
  const kept = keeping(2, { outcome: 'any' });
  let isAway = true;
  const add = async (delta: Parameters<Store['add']>[0]) => {
    // It has it, but nobody hears.
    await kept.all.add(delta);
    if (isAway) throw new Error('away');
  };
  const store = Object.assign(Object.create(kept.all), {
    add,
    killed: () => kept.all.killed(),
    summary: () => kept.all.summary(),
  });
  const own = router({ outcome: 'any' }, { store: () => store, kind: 'object' });
  for (const unit of units(10)) await variantOf(own, unit);
  await refuses(own.handle, get('/experiment'), 503, 'store_unavailable');
  isAway = false;
  const state = await stateOf(own);
  assert.equal((state.A?.answered ?? 0) + (state.B?.answered ?? 0), 10);
});

test('counts and kills are there in a file after a restart; with another weight counts begin anew, and kills stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-router-'));
  after(() => rm(folder, { recursive: true }));
  const token = 't';
  const authorization = { authorization: 'Bearer t' };
  const start = (weights = 'A=1,B=1') =>
    routeWithFile(
      [A(), B()],
      'e',
      {
        HEDGEROW_RECORDING_FOLDER: folder,
        HEDGEROW_OUTCOME: 'any',
        HEDGEROW_TOKEN: token,
        HEDGEROW_WEIGHTS: weights,
      },
      { fs, process },
    );
  const told = async ({ handle }: Router) =>
    json<{ variants: Record<string, { n: number }> }>(handle(get('/experiment', authorization)));
  const first = await start();
  for (const unit of units(20)) await variantOf(first, unit, authorization);
  const before = (await told(first)).variants;
  assert.equal((before.A?.n ?? 0) + (before.B?.n ?? 0), 20);
  await json(first.handle(post('/router', { kill: 'B' }, authorization)));
  await first.close();
  const second = await start();
  assert.deepEqual((await told(second)).variants, before);
  assert.equal((await stateOf(second, authorization)).B?.killed, 'request');
  await second.close();
  const third = await start('A=9,B=1');
  assert.deepEqual(
    Object.values((await told(third)).variants).map(({ n }) => n),
    [0, 0],
  );
  assert.equal((await stateOf(third, authorization)).B?.killed, 'request', 'what is killed stays so');
  await third.close();
});

test('metrics are Prometheus text, by variant', async () => {
  const own = withOutcome('any', { variants: [A(says('a'), 3), B(says('b'), 1)], kill: ['B'] });
  await variantOf(own, 'u');
  const text = await (await own.handle(get('/metrics'))).text();
  assert.match(text, /^hedgerow_router_weight_ratio\{experiment="flights-1",variant="B"\} 0\.25$/m);
  assert.match(text, /^hedgerow_router_killed\{experiment="flights-1",variant="B"\} 1$/m);
  assert.match(text, /^hedgerow_router_answers_total\{experiment="flights-1",variant="A"\} 1$/m);
});
