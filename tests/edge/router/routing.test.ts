/** Who answers where variants fail, are slow, are killed, or only get copies. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { createHandler } from 'hedgerow/edge';
import type { Handler } from 'hedgerow/edge/router';
import { classifier } from '../support/models.js';
import { json, post, refuses, url } from '../support/requests.js';
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
  units,
  variantOf,
} from '../support/routed.js';

// What waits keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));

const TOKEN = { token: 's3cret' };
const authorization = { authorization: 'Bearer s3cret' };
const all = { B: 1, A: 0 };
const onlyB = (to: Handler) => [A(says('a'), all.A), B(to, all.B)];
const slow =
  (milliseconds: number, predictions: unknown[] = ['b']): Handler =>
  async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return Response.json({ predictions });
  };

/** Runs what a router does after its answers. */
function waiting() {
  const done: Promise<unknown>[] = [];
  return { waitUntil: (promise: Promise<unknown>) => void done.push(promise), all: () => Promise.all(done) };
}

for (const [what, to] of [
  ['answers with 500', fails],
  ['throws', async () => Promise.reject(new Error('broken'))],
  ['does not answer in time', slow(5_000)],
] as [string, Handler][]) {
  test(`where a variant ${what}, the control answers, and it is counted`, async () => {
    const own = router({ variants: onlyB(to), timeout: 50 });
    const response = await own.handle(ask('u'));
    assert.equal(response.headers.get('x-hedgerow-variant'), 'A');
    assert.deepEqual(await response.json(), { predictions: ['a'] });
    const { A: control, B: other } = await stateOf(own);
    assert.deepEqual([other?.assigned, other?.failed, other?.answered], [1, 1, 0]);
    assert.deepEqual(
      [control?.assigned, control?.failed, control?.answered],
      [undefined, undefined, 1].map((n) => n ?? 0),
    );
    const { variants } = await experimentOf(own);
    assert.deepEqual(variants, { A: { n: 0, sum: 0, sumSquares: 0 }, B: { n: 0, sum: 0, sumSquares: 0 } });
  });
}

test('the body is there for the control after a variant has read it', async () => {
  const read: string[] = [];
  const reads =
    (answer: Handler): Handler =>
    async (request) => {
      read.push(await request.text());
      return answer(request);
    };
  const own = router({ variants: [A(reads(says('a')), 0), B(reads(fails), 1)] });
  await own.handle(ask('u'));
  assert.deepEqual(read, Array(2).fill('{"dataframe_records":[{}]}'));
});

test('a request that is wrong is refused by its variant, and no fault of it', async () => {
  for (const control of [createHandler(classifier), fails, async () => Promise.reject(new Error('away'))]) {
    const own = router({
      variants: [A(control as Handler, all.A), B(createHandler(classifier), all.B)],
      killErrors: 0,
      killRequests: 1,
    });
    const response = await own.handle(post('/invocations', 'no JSON'));
    assert.equal(response.status, 400);
    assert.equal(response.headers.get('x-hedgerow-variant'), 'B');
    const { B: other } = await stateOf(own);
    assert.deepEqual([other?.failed, other?.killed], [0, null]);
  }
});

test('a variant that refuses what the control takes has failed, and the control answers', async () => {
  const own = router({ variants: onlyB(createHandler(classifier)), killErrors: 0, killRequests: 2 });
  for (const killed of [null, 'errors']) {
    const response = await own.handle(post('/invocations', 'no JSON'));
    assert.equal(response.headers.get('x-hedgerow-variant'), 'A');
    assert.deepEqual(await response.json(), { predictions: ['a'] });
    assert.equal((await stateOf(own)).B?.killed, killed);
  }
  const { A: control, B: other } = await stateOf(own);
  assert.deepEqual([other?.assigned, other?.failed, other?.answered, control?.answered], [2, 2, 0, 2]);
});

test('where both fail, what the control says is the answer, or that it says nothing', async () => {
  const broken = router({ variants: [A(fails, 0), B(fails, 1)] });
  const response = await broken.handle(ask('u'));
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: 'broken' });
  const gone = router({ variants: [A('http://127.0.0.1:1', 0), B('http://127.0.0.1:1', 1)] });
  await refuses(gone.handle, ask('u'), 502, 'variant_unavailable');
  const { A: control, B: other } = await stateOf(gone);
  assert.deepEqual([control?.failed, other?.failed], [1, 1]);
});

test('answers without a body, and bodies that are no text, go through as they are', async () => {
  const bytes = Uint8Array.of(0xff, 0, 0xfe);
  const seen: Uint8Array[] = [];
  const empty: Handler = async (request) => {
    seen.push(new Uint8Array(await request.arrayBuffer()));
    return new Response(null, { status: 204 });
  };
  const own = router({ variants: [A(empty, 1), B(says('b'), 0)] });
  for (const path of ['/invocations', '/variants/A/whatever', '/v2/models/m/versions/1/infer']) {
    const response = await own.handle(post(path, bytes));
    assert.deepEqual([response.status, response.headers.get('x-hedgerow-variant')], [204, 'A'], path);
    assert.deepEqual(seen.at(-1), bytes);
  }
});

test('a body that is too large is refused before anyone is asked', async () => {
  const own = router({ maxBytes: 10 });
  await refuses(own.handle, ask('u'), 413, 'too_large');
});

test('all but predictions is answered by the control; each variant is there by itself', async () => {
  const own = router({ variants: [A(createHandler(classifier)), B(fails)] });
  assert.equal((await json<{ name: string }>(own.handle(get('/model')))).name, 'penguins');
  assert.equal((await own.handle(get('/variants/B/model'))).status, 500);
  assert.equal((await own.handle(get('/variants/A/health'))).status, 200);
  await refuses(own.handle, get('/variants/C/model'), 404, 'not_found');
  const head = await own.handle(new Request(url('/health'), { method: 'HEAD' }));
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('all but probes asks for the token', async () => {
  const own = router(TOKEN);
  for (const path of ['/experiment', '/router', '/metrics', '/variants/A/model', '/model'])
    await refuses(own.handle, get(path), 401, 'unauthorized');
  await refuses(own.handle, ask('u'), 401, 'unauthorized');
  assert.equal((await own.handle(get('/health'))).status, 200);
  assert.equal((await own.handle(ask('u', authorization))).status, 200);
});

test('pages may call from where they may', async () => {
  const own = router({ cors: ['https://shop.example'] });
  const response = await own.handle(ask('u', { origin: 'https://shop.example' }));
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://shop.example');
  assert.match(response.headers.get('access-control-expose-headers') ?? '', /x-hedgerow-variant/);
  const preflight = await own.handle(new Request(url('/invocations'), { method: 'OPTIONS' }));
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-hedgerow-unit/);
});

suite('killing', () => {
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
    assert.equal(
      await variantOf(other, 'u', authorization),
      'A',
      'another worker, which asks the store first',
    );
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
    const sometimes: Handler = async (request) =>
      requests++ % 4 === 0 ? fails(request) : says('b')(request);
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
});

suite('shadows', () => {
  const shadow = (to: Handler, more = {}) =>
    // What runs after an answer tells the store, too, and is waited for here.
    router({ mode: 'shadow', variants: [A(says('a', 'x', 1.5)), B(to)], flushAfter: 1, ...more });

  test('the control answers all; what a shadow says is compared', async () => {
    const own = shadow(says('a', 'y', 1));
    const after = waiting();
    for (const unit of units(3)) {
      const response = await own.handle(ask(unit), after);
      assert.equal(response.headers.get('x-hedgerow-variant'), 'A');
      assert.deepEqual(await response.json(), { predictions: ['a', 'x', 1.5] });
      await after.all();
    }
    const { B: other } = await stateOf(own);
    assert.deepEqual(
      [other?.copied, other?.rowsCompared, other?.rowsAgreeing, other?.absoluteDifference],
      [3, 9, 3, 1.5],
    );
    await refuses(own.handle, get('/experiment'), 409, 'no_experiment');
  });

  test('a shadow that is slow, fails or says something else does not touch the answer', async () => {
    for (const to of [
      fails,
      // Never: if the answer waited for it, there would be none.
      () => new Promise<Response>(() => undefined),
      says('only one'),
      async () => new Response('odd'),
      async () => Promise.reject(new Error('x')),
    ]) {
      const own = shadow(to, { timeout: 200 });
      const after = waiting();
      let isOver = false;
      const response = await own.handle(ask('u'), after);
      const copied = after.all().then(() => {
        isOver = true;
      });
      assert.deepEqual(await response.json(), { predictions: ['a', 'x', 1.5] });
      assert.ok(!isOver, 'the answer was there first');
      await copied;
      const { B: other } = await stateOf(own);
      assert.equal((other?.copied ?? 0) + (other?.copiesFailed ?? 0), 1);
      assert.equal(other?.rowsCompared, 0);
    }
  });

  test('there are no more copies at a time than there may be', async () => {
    let [running, most] = [0, 0];
    const counts: Handler = async (request) => {
      most = Math.max(most, ++running);
      const answer = await slow(30)(request);
      running -= 1;
      return answer;
    };
    const own = shadow(counts, { copies: 3 });
    const after = waiting();
    await Promise.all(units(20).map((unit) => own.handle(ask(unit), after)));
    await after.all();
    const { B: other } = await stateOf(own);
    assert.equal(most, 3);
    assert.deepEqual([other?.copied, other?.copiesSkipped], [3, 17]);
  });

  test('one that is killed, or has no weight, gets no copies', async () => {
    const asked: Request[] = [];
    const notes: Handler = async (request) => {
      asked.push(request);
      return Response.json({});
    };
    for (const own of [shadow(notes, { kill: ['B'] }), shadow(notes, { variants: [A(), B(notes, 0)] })]) {
      const after = waiting();
      await own.handle(ask('u'), after);
      await after.all();
    }
    assert.equal(asked.length, 0);
  });
});

suite('variants that are services', () => {
  let service: Server;
  let address: string;
  const seen: { path: string; id: string; body: string }[] = [];
  before(async () => {
    service = createServer(async (incoming, outgoing) => {
      let body = '';
      for await (const chunk of incoming) body += chunk;
      seen.push({ path: incoming.url ?? '', id: String(incoming.headers['x-request-id']), body });
      if (incoming.url === '/moved/invocations') outgoing.writeHead(302, { location: '/elsewhere' }).end();
      else outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"predictions":["far"]}');
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  });
  after(() => service.close());

  test('are asked by their address', async () => {
    const own = router({ variants: [A(says('a'), 0), B(`${address}/model/`, 1)] });
    const response = await own.handle(
      post('/invocations?q=1', { dataframe_records: [] }, { 'x-request-id': 'r-1' }),
    );
    assert.deepEqual(await response.json(), { predictions: ['far'] });
    assert.equal(response.headers.get('x-hedgerow-variant'), 'B');
    assert.deepEqual(seen.at(-1), {
      path: '/model/invocations?q=1',
      id: 'r-1',
      body: '{"dataframe_records":[]}',
    });
  });

  test('are not followed to where they send elsewhere', async () => {
    const own = router({ variants: [A(says('a'), 0), B(`${address}/moved`, 1)] });
    assert.equal((await own.handle(ask('u'))).status, 302);
    assert.equal(seen.at(-1)?.path, '/moved/invocations');
  });

  test('or by their binding', async () => {
    const bound = {
      fetch: (request: Request) =>
        fetch(address + new URL(request.url).pathname, {
          method: 'POST',
          body: '{}',
          headers: request.headers,
        }),
    };
    const own = router({
      variants: [A(says('a'), 0), B(undefined, 1)].map((one) =>
        one.name === 'B' ? { ...one, to: bound } : one,
      ),
    });
    assert.deepEqual(await (await own.handle(ask('u'))).json(), { predictions: ['far'] });
  });
});
