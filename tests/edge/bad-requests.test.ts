/**
 * Whatever is wrong with a request is said, with a code and the field, and the next request is served. The
 * model is one of `support/models.ts`, not an exported one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandler, type ErrorBody, type Handler } from 'hedgerow/edge';
import { classifier, regressor } from './support/models.js';
import { post, postCsv, predictions, refuses, url } from './support/requests.js';
import { bodiesOf, rowsOf } from './support/rows.js';

const handler = createHandler(regressor);
const get = (path: string, method: string) => new Request(url(path), { method });
const many = createHandler(classifier);

/** That the handler serves the next request. */
async function serves(next: Handler = handler): Promise<void> {
  if (next !== handler) return;
  assert.deepEqual(await predictions(next(post('/invocations', { instances: [{ x: 1 }] }))), [1]);
}

type Bad = [name: string, body: unknown, status: number, code: string, details?: Partial<ErrorBody>];

const records = (...rows: unknown[]) => ({ dataframe_records: rows });
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const bad: Bad[] = [
  [
    'a string for a number',
    records({ x: 1 }, { x: 'old' }),
    400,
    'bad_value',
    { field: 'x', row: 2, value: 'old' },
  ],
  ['a number as a string', records({ x: '1' }), 400, 'bad_value', { field: 'x', row: 1, value: '1' }],
  ['a list for a number', records({ x: [1] }), 400, 'bad_value', { field: 'x', row: 1, value: 'an array' }],
  ['an object for a number', { inputs: { x: [{}] } }, 400, 'bad_value', { field: 'x', value: 'an object' }],
  [
    'infinity',
    '{"instances": [{"x": 1e999}]}',
    400,
    'infinite_value',
    { field: 'x', row: 1, value: 'Infinity' },
  ],
  ['a missing field', records({ x: 1 }, {}), 400, 'missing_column', { field: 'x', row: 2 }],
  [
    'a missing column',
    { dataframe_split: { columns: [], data: [[]] } },
    400,
    'missing_column',
    { field: 'x' },
  ],
  ['an extra field', records({ x: 1, z: 2 }), 400, 'unknown_field', { field: 'z' }],
  [
    'an extra field named as what objects inherit',
    '{"instances": [{"x": 1, "__proto__": 2}]}',
    400,
    'unknown_field',
    { field: '__proto__' },
  ],
  [
    'a column twice',
    { dataframe_split: { columns: ['x', 'x'], data: [[1, 2]] } },
    400,
    'duplicate_column',
    { field: 'x' },
  ],
  [
    'a column whose name is none',
    { dataframe_split: { columns: [{ toString: 1 }], data: [] } },
    400,
    'bad_request',
  ],
  ['a row too long', { instances: [[1], [1, 2]] }, 400, 'wrong_length', { row: 2 }],
  ['columns of unequal length', { inputs: { x: [1], y: [1, 2] } }, 400, 'wrong_length', { field: 'y' }],
  ['a row that is no object', records({ x: 1 }, 2), 400, 'bad_request'],
  ['rows that are no list', { dataframe_records: { x: 1 } }, 400, 'bad_request'],
  ['dataframe_split as a list', { dataframe_split: [1] }, 400, 'bad_request'],
  ['an input that is no list', { inputs: { x: 1 } }, 400, 'bad_request'],
  ['no rows at all', {}, 400, 'bad_request'],
  ['a bare list', [{ x: 1 }], 400, 'bad_request'],
  ['null', 'null', 400, 'bad_request'],
  ['two forms at once', { instances: [1], inputs: [1] }, 400, 'bad_request'],
  ['an unknown parameter', { instances: [1], params: { depth: 1 } }, 400, 'bad_option', { field: 'depth' }],
  ['parameters that are none', { instances: [1], params: 'proba' }, 400, 'bad_option'],
  [
    'an unknown method',
    { instances: [1], params: { predict_method: 'transform' } },
    400,
    'bad_option',
    { field: 'predict_method' },
  ],
  [
    'probabilities of a regression',
    { instances: [1], params: { predict_method: 'predict_proba' } },
    400,
    'bad_option',
  ],
  ['an empty body', '', 400, 'not_json'],
  ['a body that is no JSON', '{"instances": [1', 400, 'not_json'],
  ['NaN', '{"instances": [NaN]}', 400, 'not_json'],
  ['a body that is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'not_utf8'],
  ['arrays nested 200,000 deep', '['.repeat(200_000), 400, 'too_deep'],
  ['objects nested 50,000 deep', '{"a":'.repeat(50_000), 400, 'too_deep'],
  ['a value nested deep', `{"instances": ${deep(40)}}`, 400, 'too_deep'],
  ['more than 400 rows', { instances: new Array(401).fill(1) }, 413, 'too_many_rows'],
  ['more than 400 rows of a column', { inputs: { x: new Array(401).fill(1) } }, 413, 'too_many_rows'],
  ['more than 256 KiB', ' '.repeat(2 ** 18 + 1), 413, 'too_large'],
];

for (const [name, body, status, code, details = {}] of bad) {
  test(`a request with ${name} is refused with ${code}`, async () => {
    const said = await refuses(handler, post('/invocations', body), status, code);
    assert.deepEqual({ ...said, ...details }, said);
    await serves();
  });
}

const badCsv: Bad[] = [
  ['nothing in it', '', 400, 'csv_empty'],
  ['a word for a number', 'x\n1\nold\n', 400, 'bad_value', { field: 'x', row: 2, value: 'old' }],
  ['a hexadecimal number', 'x\n0x10\n', 400, 'bad_value', { value: '0x10' }],
  ['infinity', 'x\n-inf\n', 400, 'infinite_value', { field: 'x', row: 1 }],
  ['a missing column', 'y\n1\n', 400, 'missing_column', { field: 'x' }],
  ['an extra column', 'x,z\n1,2\n', 400, 'unknown_field', { field: 'z' }],
  ['a column twice', 'x,x\n1,2\n', 400, 'duplicate_column', { field: 'x' }],
  ['a row too long', 'x\n1\n2,3\n', 400, 'csv_ragged_row', { row: 2 }],
  ['a row too short', 'x,y\n1,2\n3\n', 400, 'csv_ragged_row', { row: 2 }],
  ['a quote that is never closed', 'x\n1\n"2\n', 400, 'csv_unclosed_quote', { row: 2 }],
  ['something behind a quote', 'x\n"1"2\n', 400, 'csv_bad_quote', { row: 1 }],
  ['too many rows', `x\n${'1\n'.repeat(401)}`, 413, 'too_many_rows'],
];

for (const [name, csv, status, code, details = {}] of badCsv) {
  test(`a CSV with ${name} is refused with ${code}`, async () => {
    const said = await refuses(handler, postCsv(String(csv)), status, code);
    assert.deepEqual({ ...said, ...details }, said);
    await serves();
  });
}

const tensor = (more: object) => ({
  inputs: [{ name: 'x', shape: [1], datatype: 'FP64', data: [1], ...more }],
});
const badTensors: Bad[] = [
  ['no inputs', {}, 400, 'bad_request'],
  ['an input without a name', tensor({ name: undefined }), 400, 'bad_request'],
  ['an input without data', tensor({ data: undefined }), 400, 'bad_request'],
  ['a shape of more', tensor({ shape: [2] }), 400, 'bad_request'],
  ['a shape that is wide', tensor({ shape: [1, 2] }), 400, 'bad_request'],
  ['a datatype that there is not', tensor({ datatype: 'toString' }), 400, 'bad_request'],
  ['values of another datatype', tensor({ data: ['1'] }), 400, 'bad_value', { field: 'x', row: 1 }],
  [
    'strings for numbers',
    tensor({ datatype: 'BYTES', data: ['1'] }),
    400,
    'bad_value',
    { field: 'x', row: 1 },
  ],
  ['an input that there is not', tensor({ name: 'z' }), 400, 'unknown_field', { field: 'z' }],
  [
    'an input twice',
    { inputs: [...tensor({}).inputs, ...tensor({}).inputs] },
    400,
    'duplicate_column',
    { field: 'x' },
  ],
  ['an output that there is not', { ...tensor({}), outputs: [{ name: 'label' }] }, 400, 'unknown_output'],
  ['too many rows', tensor({ shape: [401], data: new Array(401).fill(1) }), 413, 'too_many_rows'],
];

for (const [name, body, status, code, details = {}] of badTensors) {
  test(`an inference with ${name} is refused with ${code}`, async () => {
    const said = await refuses(handler, post('/v2/models/echo/infer', body), status, code);
    assert.deepEqual({ ...said, ...details }, said);
    await serves();
  });
}

for (const type of ['', 'text/plain', 'application/octet-stream', 'application/json; charset=latin1']) {
  test(`a body of the type ${JSON.stringify(type)} is refused`, async () => {
    const request = post('/invocations', { instances: [1] }, { 'content-type': type });
    await refuses(handler, request, 415, 'unsupported_media_type');
    await serves();
  });
}

test('a compressed body is refused, and parameters of a type are fine', async () => {
  const body = { instances: [{ x: 1 }] };
  const zipped = post('/invocations', body, { 'content-encoding': 'gzip' });
  await refuses(handler, zipped, 415, 'unsupported_media_type');
  await refuses(
    handler,
    post('/v2/models/echo/infer', 'x', { 'content-type': 'text/csv' }),
    415,
    'unsupported_media_type',
  );
  const plain = post('/invocations', body, { 'content-type': 'Application/JSON; charset="UTF-8"' });
  assert.deepEqual(await predictions(handler(plain)), [1]);
});

/** A body of a hundred megabytes, and how much of it was taken. */
function hugeBody(): { body: ReadableStream<Uint8Array>; taken: () => number } {
  const chunk = new Uint8Array(2 ** 16).fill(0x20);
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken += chunk.length;
      if (taken > 1e8) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return { body, taken: () => taken };
}

for (const declared of [false, true]) {
  test(`of a body of 100 MB${declared ? ' that says so' : ''} hardly more than the limit is read`, async () => {
    const { body, taken } = hugeBody();
    const headers = {
      'content-type': 'application/json',
      ...(declared && { 'content-length': '100000000' }),
    };
    const request = new Request(url('/invocations'), {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit);
    await refuses(handler, request, 413, 'too_large');
    assert.ok(taken() < (declared ? 2 ** 17 : 2 ** 18 + 2 ** 18), `${taken()} bytes`);
    await serves();
  });
}

test('a body that ends early is refused', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  const headers = { 'content-type': 'application/json' };
  const request = new Request(url('/invocations'), {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit);
  await refuses(handler, request, 400, 'body_lost');
  await serves();
});

test('a long name is not sent back', async () => {
  const name = 'x'.repeat(100_000);
  for (const request of [
    post('/invocations', records({ [name]: 1 })),
    post('/invocations', { inputs: { [name]: 1 } }),
    post('/invocations', { inputs: { x: [1], [name]: [] } }),
    post('/invocations', { instances: [1], params: { [name]: 1 } }),
    post('/v2/models/echo/infer', tensor({ name })),
    postCsv(`${name},${name}\n1,2\n`),
    get(`/${name}`, name.slice(0, 1_000)),
  ]) {
    const text = await (await handler(request)).text();
    assert.ok(text.length < 1_000, `${text.length} characters`);
  }
});

test('limits can be set', async () => {
  const small = createHandler(regressor, { maxBytes: 40, maxRows: 2 });
  assert.deepEqual(await predictions(small(post('/invocations', { instances: [1, 2] }))), [1, 2]);
  await refuses(small, post('/invocations', { instances: [1, 2, 3] }), 413, 'too_many_rows');
  await refuses(
    small,
    post('/invocations', { instances: [1_000_000_000_000_000, 1_000_000_000] }),
    413,
    'too_large',
  );
  await refuses(small, postCsv('x\n1\n2\n3\n'), 413, 'too_many_rows');
  assert.deepEqual(await predictions(small(postCsv('x\n1\n2\n'))), [1, 2]);
});

test('bodies that were damaged somewhere are refused or served, and never fail', async () => {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const bodies = Object.values(bodiesOf(rowsOf(1, 3))).map((body) =>
    new TextEncoder().encode(JSON.stringify(body)),
  );
  for (let round = 0; round < 2_000; round++) {
    const bytes = (bodies[random(bodies.length)] as Uint8Array).slice();
    for (let edits = random(4); edits >= 0; edits--) bytes[random(bytes.length)] = random(128);
    const type = round % 3 === 0 ? 'text/csv' : 'application/json';
    const path = round % 5 === 0 ? '/v2/models/penguins/infer' : '/invocations';
    const { status } = await many(post(path, bytes, { 'content-type': type }));
    assert.ok(status < 500, new TextDecoder().decode(bytes));
  }
});
