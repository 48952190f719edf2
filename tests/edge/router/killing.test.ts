/** Variants that are killed: by an option, a request, or their errors. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Handler } from 'hedgerow/edge/router';
import { json, post, refuses } from '../support/requests.js';
import {
  A,
  ask,
  authorization,
  B,
  experimentOf,
  fails,
  get,
  keeping,
  onlyB,
  router,
  says,
  stateOf,
  TOKEN,
  units,
  variantOf,
  waiting,
} from '../support/routed.js';

// What waits keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));

const turn = (body: unknown) => post('/router', body, authorization);
const variants = () => onlyB(says('b'));

test('by an option, the control answers, and no unit counts', async () => {
  for (const kill of [['B'], ['all']]) {
    const own = router({ variants: variants(), kill, outcome: 'any' }, keeping(2, { outcome: 'any' }));
    assert.equal(await variantOf(own, 'u'), 'A');
    assert.equal((await stateOf(own)).B?.killed, 'option');
    assert.deepEqual((await experimentOf(own)).variants, {
      A: { n: 0, successes: 0 },
      B: { n: 0, successes: 0 },
    });
  }
});

test('by a request with the token, in all workers, until it is taken back', async () => {
  const kept = keeping();
  const [one, other] = [
    router({ variants: variants(), ...TOKEN }, kept),
    router({ variants: variants(), ...TOKEN }, kept),
  ];
  assert.equal(await variantOf(one, 'u', authorization), 'B');
  await json(one.handle(turn({ kill: 'B' })));
  assert.equal(await variantOf(one, 'u', authorization), 'A');
  assert.equal(await variantOf(other, 'u', authorization), 'A', 'another worker, which asks the store first');
  assert.equal((await stateOf(other, authorization)).B?.killed, 'request');
  await json(one.handle(turn({ restore: ['B'] })));
  assert.equal(await variantOf(one, 'u', authorization), 'B');
  await json(one.handle(turn({ kill: 'all' })));
  assert.equal(await variantOf(one, 'u', authorization), 'A');
});

test('without a token, or the right one, nobody can', async () => {
  await refuses(router().handle, post('/router', { kill: 'B' }), 403, 'no_token');
  const own = router({ variants: variants(), ...TOKEN });
  await refuses(own.handle, post('/router', { kill: 'B' }), 401, 'unauthorized');
  await refuses(
    own.handle,
    post('/router', { kill: 'B' }, { authorization: 'Bearer other' }),
    401,
    'unauthorized',
  );
  assert.equal(await variantOf(own, 'u', authorization), 'B');
});

test('what cannot be killed is named', async () => {
  const own = router({ variants: variants(), ...TOKEN });
  await refuses(own.handle, turn({ kill: 'C' }), 400, 'unknown_variant');
  await refuses(own.handle, turn({ kill: 'A' }), 400, 'unknown_variant');
  for (const body of [{}, [], { kill: 'B', restore: 'B' }, { stop: 'B' }])
    await refuses(own.handle, turn(body), 400, 'bad_request');
  const fixed = router({ variants: variants(), kill: ['B'], ...TOKEN });
  await refuses(fixed.handle, turn({ restore: 'B' }), 400, 'bad_option');
});

test('a variant that fails too often is killed, and a control never is', async () => {
  const kept = keeping();
  const options = { variants: onlyB(fails), killErrors: 0.5, killRequests: 10 };
  const own = router(options, kept);
  for (let request = 0; request < 10; request++) {
    assert.equal((await stateOf(own)).B?.killed, null, `after ${request}`);
    await variantOf(own, 'u');
  }
  assert.equal((await stateOf(own)).B?.killed, 'errors');
  await variantOf(own, 'u');
  assert.equal((await stateOf(own)).B?.failed, 10, 'it is asked no more');
  assert.deepEqual(await kept.all.killed(), { B: 'errors' });
  const control = router({ variants: [A(fails, 1), B(says('b'), 0)], killErrors: 0.1, killRequests: 1 });
  for (let request = 0; request < 5; request++) assert.equal((await control.handle(ask('u'))).status, 500);
  assert.deepEqual(
    Object.values(await stateOf(control)).map(({ killed }) => killed),
    [null, null],
  );
});

test('a variant that fails now and then is not', async () => {
  let requests = 0;
  const sometimes: Handler = async (request) => (requests++ % 4 === 0 ? fails(request) : says('b')(request));
  const own = router({ variants: onlyB(sometimes), killErrors: 0.4, killRequests: 8 });
  for (let request = 0; request < 200; request++) await variantOf(own, 'u');
  assert.equal((await stateOf(own)).B?.killed, null);
  assert.equal((await stateOf(own)).B?.failed, 50);
});

test('while the store is away, a request kills here at once, and elsewhere when the store is back', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const kept = keeping();
  let isAway = false;
  const answers = <T>(answer: () => Promise<T>) => (isAway ? Promise.reject(new Error('away')) : answer());
  const store = Object.assign(Object.create(kept.all), {
    killed: () => answers(() => kept.all.killed()),
    kill: (...args: Parameters<typeof kept.all.kill>) => answers(() => kept.all.kill(...args)),
  });
  const keptThere = { store: () => store, kind: 'object' as const };
  const [one, other] = [
    router({ variants: variants(), ...TOKEN }, keptThere),
    router({ variants: variants(), ...TOKEN }, keptThere),
  ];
  const turned = (own: typeof one) => variantOf(own, 'u', authorization);
  assert.deepEqual([await turned(one), await turned(other)], ['B', 'B']);
  isAway = true;
  await refuses(one.handle, turn({ kill: 'B' }), 503, 'store_unavailable');
  assert.deepEqual([await turned(one), await turned(other)], ['A', 'B']);
  context.mock.timers.tick(6_000);
  const waits = waiting();
  await one.handle(ask('u', authorization), waits);
  await waits.all();
  assert.equal(await turned(one), 'A', 'what the store does not say it has not taken back');
  isAway = false;
  context.mock.timers.tick(6_000);
  const later = waiting();
  await one.handle(ask('u', authorization), later);
  await later.all();
  assert.deepEqual(await kept.all.killed(), { B: 'request' });
  context.mock.timers.tick(6_000);
  const last = waiting();
  await other.handle(ask('u', authorization), last);
  await last.all();
  assert.equal(await turned(other), 'A');
  isAway = true;
  await refuses(one.handle, turn({ restore: 'B' }), 503, 'store_unavailable');
  assert.equal(await turned(one), 'A', 'what is not taken back everywhere is so nowhere');
});

test('as long as nobody knows what is killed, the control answers, and soon', async () => {
  const kept = keeping();
  const never = new Promise<never>(() => undefined);
  const store = Object.assign(Object.create(kept.all), {
    killed: () => never,
    add: () => Promise.reject(new Error('away')),
  });
  const own = router({ variants: variants() }, { store: () => store, kind: 'object' });
  const begun = performance.now();
  assert.equal(await variantOf(own, 'u'), 'A');
  for (const unit of units(50)) assert.equal(await variantOf(own, unit), 'A');
  assert.ok(performance.now() - begun < 3_000, 'it is waited for once');
  await refuses(own.handle, get('/experiment'), 503, 'store_unavailable');
});
