/**
 * What is around predictions: paths and methods, metadata, tokens, other origins and metrics. The model
 * is one of `support/models.ts`, not an exported one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandler, HedgerowError, optionsFrom } from 'hedgerow/edge';
import { classifier, description, detector, regressor } from './support/models.js';
import { json, post, postCsv, predictions, refuses, url } from './support/requests.js';

const handler = createHandler(classifier);
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Request(url(path), { method, headers });

test('probes are answered', async () => {
  for (const path of [
    '/health',
    '/ping',
    '/v2/health/live',
    '/v2/health/ready',
    '/v2/models/penguins/ready',
  ]) {
    await json(handler(get(path)));
  }
  assert.deepEqual(await json(handler(get('/v2/models/penguins/ready'))), { name: 'penguins', ready: true });
});

test('the model and the server describe themselves', async () => {
  assert.deepEqual(await json(handler(get('/model'))), description);
  assert.equal(await (await handler(get('/version'))).text(), '0.1.0');
  assert.deepEqual(await json(handler(get('/v2'))), { name: 'hedgerow', version: '0.1.0', extensions: [] });
  const metadata = await json<{ inputs: unknown[]; outputs: unknown[] }>(handler(get('/v2/models/penguins')));
  assert.deepEqual(metadata, await json(handler(get(`/v2/models/penguins/versions/${description.version}`))));
  assert.deepEqual(metadata.inputs.slice(2, 4), [
    { name: 'tagged', datatype: 'BOOL', shape: [-1] },
    { name: 'island, "old"', datatype: 'BYTES', shape: [-1] },
  ]);
  assert.deepEqual(metadata.outputs, [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'probabilities', datatype: 'FP64', shape: [-1, 3] },
  ]);
});

test('a name may have any characters', async () => {
  const named = createHandler({ ...regressor, description: { ...regressor.description, name: 'a b/ü' } });
  await json(named(get('/v2/models/a%20b%2F%C3%BC/ready')));
});

test('HEAD is GET without a body, OPTIONS says what may be asked', async () => {
  const head = await handler(get('/model', {}, 'HEAD'));
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
  const options = await handler(get('/invocations', {}, 'OPTIONS'));
  assert.equal(options.status, 204);
  assert.equal(options.headers.get('allow'), 'POST, OPTIONS');
});

test('other paths and methods are refused', async () => {
  for (const path of [
    '/',
    '/invocations/',
    '/v2/models/other',
    '/v2/models/penguins/versions/1',
    '/%ff',
    '/constructor',
  ]) {
    await refuses(handler, get(path), 404, 'not_found');
  }
  await refuses(handler, get('/invocations'), 405, 'method_not_allowed');
  await refuses(handler, post('/model', {}), 405, 'method_not_allowed');
  const refused = await handler(get('/model', {}, 'DELETE'));
  assert.equal(refused.headers.get('allow'), 'GET, HEAD, OPTIONS');
});

test('with a token, all but probes ask for it', async () => {
  const secret = createHandler(regressor, { token: 's3cret ü' });
  const ask = (authorization?: string) =>
    post('/invocations', { instances: [1] }, authorization === undefined ? {} : { authorization });
  for (const wrong of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer s3cret',
    'Bearer s3cret \u00fc\u00fc',
    'Basic s3cret',
  ]) {
    await refuses(secret, ask(wrong), 401, 'unauthorized');
  }
  assert.equal((await secret(ask())).headers.get('www-authenticate'), 'Bearer');
  assert.deepEqual(await predictions(secret(ask('Bearer s3cret \u00fc'))), [1]);
  assert.deepEqual(await predictions(secret(ask('bearer  s3cret \u00fc'))), [1]);
  for (const path of ['/metrics', '/model', '/openapi.json', '/v2', '/version', '/v2/models/echo']) {
    await refuses(secret, get(path), 401, 'unauthorized');
  }
  for (const path of ['/health', '/ping', '/v2/health/live', '/v2/health/ready'])
    await json(secret(get(path)));
});

test('options that cannot be meant are refused', () => {
  for (const options of [{ token: '' }, { maxBytes: 0 }, { maxRows: Number.NaN }]) {
    assert.throws(
      () => createHandler(regressor, options),
      (error) => error instanceof HedgerowError && error.code === 'bad_option',
    );
  }
  createHandler(regressor, { token: undefined, maxRows: undefined });
});

test('an empty secret in the environment is refused, not taken for none', () => {
  assert.throws(
    () => createHandler(regressor, optionsFrom({ HEDGEROW_TOKEN: '' })),
    (error) => error instanceof HedgerowError && error.code === 'bad_option',
  );
  assert.deepEqual(optionsFrom({ HEDGEROW_CORS: '', HEDGEROW_MAX_ROWS: '7' }).maxRows, 7);
});

test('pages of other origins may ask where they are allowed to', async () => {
  const origin = 'https://page.example';
  const allowed = async (cors: false | '*' | string[], from: string, method = 'GET') => {
    const { headers } = await createHandler(regressor, { cors, token: 's' })(
      get('/model', { origin: from }, method),
    );
    return { origin: headers.get('access-control-allow-origin'), vary: headers.get('vary'), headers };
  };
  assert.deepEqual(Object.values(await allowed(false, origin)).slice(0, 2), [null, null]);
  assert.deepEqual(Object.values(await allowed('*', origin)).slice(0, 2), ['*', null]);
  assert.deepEqual(Object.values(await allowed([origin], origin)).slice(0, 2), [origin, 'origin']);
  assert.deepEqual(Object.values(await allowed([origin], 'https://other.example')).slice(0, 2), [
    null,
    'origin',
  ]);
  const preflight = await allowed([origin], origin, 'OPTIONS');
  assert.equal(preflight.origin, origin);
  assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET, HEAD, OPTIONS');
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization, content-type');
});

test('metrics count what was answered, refused and scored', async () => {
  let time = 0;
  const counting = createHandler(regressor, {
    now: () => {
      time += 3;
      return time;
    },
  });
  await counting(post('/invocations', { instances: [1, 2] }));
  await counting(post('/invocations', { instances: [3] }));
  await counting(post('/invocations', { instances: ['old'] }));
  await counting(get('/nowhere'));
  await counting(get('/nowhere/else'));
  const response = await counting(get('/metrics'));
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  for (const line of [
    '# TYPE hedgerow_request_duration_seconds histogram',
    `hedgerow_model_info{name="echo",version="${description.version}"} 1`,
    'hedgerow_requests_total{route="/invocations",code="200"} 2',
    'hedgerow_requests_total{route="/invocations",code="400"} 1',
    'hedgerow_requests_total{route="other",code="404"} 2',
    'hedgerow_errors_total{code="bad_value"} 1',
    'hedgerow_errors_total{code="not_found"} 2',
    'hedgerow_rows_total 3',
    'hedgerow_request_duration_seconds_bucket{route="/invocations",le="0.0025"} 0',
    'hedgerow_request_duration_seconds_bucket{route="/invocations",le="0.005"} 3',
    'hedgerow_request_duration_seconds_bucket{route="/invocations",le="+Inf"} 3',
    'hedgerow_request_duration_seconds_count{route="/invocations"} 3',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} is not in\n${text}`);
  }
  assert.match(text, /^hedgerow_request_duration_seconds_sum\{route="\/invocations"\} 0\.009/m);
  assert.match(text, /\n$/);
});

test('a model that fails is an error of the server, and tells nothing of it', async () => {
  const broken = createHandler({
    ...regressor,
    score: () => {
      throw new TypeError('internals');
    },
  });
  const response = await broken(post('/invocations', { instances: [1] }));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /internals/);
});

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example: unknown }> } }>>;
  components: { schemas: Record<string, unknown>; securitySchemes?: unknown };
  security?: unknown;
}

for (const model of [classifier, regressor, detector]) {
  test(`the OpenAPI document of a model of ${model.description.task} has examples that work, and no loose ends`, async () => {
    const serving = createHandler(model);
    const document = await json<OpenApi>(serving(get('/openapi.json')));
    assert.equal(document.openapi, '3.1.0');
    let tried = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      if (methods.get) assert.equal((await serving(get(path))).status, 200, path);
      for (const [type, { example }] of Object.entries(methods.post?.requestBody?.content ?? {})) {
        const request = type === 'text/csv' ? postCsv(String(example)) : post(path, example);
        const response = await serving(request);
        assert.equal(response.status, 200, await response.text());
        tried += 1;
      }
    }
    assert.equal(tried, 4);
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      assert.ok(name && name in document.components.schemas, name);
    }
    assert.equal(document.security, undefined);
  });
}

test('the OpenAPI document says where a token is needed', async () => {
  const request = get('/openapi.json', { authorization: 'Bearer t' });
  const document = await json<OpenApi>(createHandler(regressor, { token: 't' })(request));
  assert.deepEqual(document.security, [{ token: [] }]);
  assert.deepEqual(document.components.securitySchemes, { token: { type: 'http', scheme: 'bearer' } });
});
