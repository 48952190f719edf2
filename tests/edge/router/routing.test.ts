/** Who answers where variants fail, are slow, or are services elsewhere. */
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
  authorization,
  B,
  experimentOf,
  fails,
  get,
  onlyB,
  router,
  says,
  slow,
  stateOf,
  TOKEN,
} from '../support/routed.js';

// What waits keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));

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
      variants: [A(control as Handler, 0), B(createHandler(classifier), 1)],
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
