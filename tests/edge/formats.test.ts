/**
 * The same rows give the same predictions in every form of every protocol. The model is one of
 * `support/models.ts`, not an exported one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandler } from 'hedgerow/edge';
import { classifier, description, detector, regressor } from './support/models.js';
import { json, post, postCsv, predictions } from './support/requests.js';
import { bodiesOf, csvOf, type Row, rowsOf, tensorsOf } from './support/rows.js';

const handler = createHandler(classifier);
const infer = `/v2/models/${description.name}/infer`;
const probabilities = { params: { predict_method: 'predict_proba' } };

interface Inference {
  id?: string;
  model_name: string;
  model_version: string;
  outputs: { name: string; datatype: string; shape: number[]; data: unknown[] }[];
}

/** Predicts from columns, as the decoded rows should be. */
function expected(rows: readonly Row[]): { labels: unknown[]; probabilities: number[][] } {
  const millis: Record<string, number> = {
    '2013-01-31': Date.UTC(2013, 0, 31),
    '2013-01-31T12:00:00.5Z': Date.UTC(2013, 0, 31, 12, 0, 0, 500),
    '1969-12-31 23:59': -60_000,
    '2024-02-29T10:00+02:00': Date.UTC(2024, 1, 29, 8),
  };
  const numbers = (read: (row: Row) => unknown) =>
    Float64Array.from(rows, (row) => Number(read(row) ?? Number.NaN));
  const columns = [
    numbers((row) => row.mass),
    // biome-ignore lint/complexity/useLiteralKeys: an own property of a row, not the constructor of its class
    numbers((row) => row['constructor']),
    numbers((row) => row.tagged),
    rows.map((row) => row['island, "old"'] as string | null),
    numbers((row) => (row.seen === null ? null : millis[String(row.seen)])),
    rows.map((row) => row.note as string | null),
  ];
  const { values, classes } = classifier.score(columns, rows.length);
  return {
    labels: Array.from(classes, (code) => description.classes[code]),
    probabilities: rows.map((_, row) => Array.from(values.slice(row * 3, row * 3 + 3))),
  };
}

for (const [seed, count] of [1, 1, 2, 3, 7, 40, 400].entries()) {
  const rows = rowsOf(seed, count);
  test(`${count} rows give the same predictions in every form (seed ${seed})`, async () => {
    const { labels, probabilities: shares } = expected(rows);
    for (const [form, body] of Object.entries(bodiesOf(rows))) {
      assert.deepEqual(await predictions(handler(post('/invocations', body))), labels, form);
      const answer = handler(post('/invocations', { ...body, ...probabilities }));
      assert.deepEqual(await predictions(answer), shares, form);
    }
    for (const end of ['\n', '\r\n']) {
      assert.deepEqual(await predictions(handler(postCsv(csvOf(rows, end)))), labels, 'CSV');
      assert.deepEqual(
        await predictions(handler(postCsv(csvOf(rows, end).slice(0, -end.length)))),
        labels,
        'CSV',
      );
    }
    for (const width of ['', '1'] as const) {
      const { outputs } = await json<Inference>(handler(post(infer, { inputs: tensorsOf(rows, width) })));
      assert.deepEqual(outputs, [
        { name: 'label', datatype: 'BYTES', shape: [count], data: labels },
        { name: 'probabilities', datatype: 'FP64', shape: [count, 3], data: shares.flat() },
      ]);
    }
  });
}

test('an inference is answered with its id, and the outputs that were asked for', async () => {
  const inputs = tensorsOf(rowsOf(1, 2));
  const answer = await json<Inference>(
    handler(post(infer, { id: '42', inputs, outputs: [{ name: 'label' }] })),
  );
  assert.equal(answer.id, '42');
  assert.equal(answer.model_name, 'penguins');
  assert.equal(answer.model_version, description.version);
  assert.deepEqual(
    answer.outputs.map(({ name }) => name),
    ['label'],
  );
  const versioned = `/v2/models/penguins/versions/${description.version}/infer`;
  const again = await json<Inference>(handler(post(versioned, { inputs, outputs: [{ name: 'label' }] })));
  assert.deepEqual(again.outputs, answer.outputs);
  assert.ok(!('id' in again));
});

const echo = createHandler(regressor);
const echoed = (value: unknown) => predictions(echo(post('/invocations', { instances: [{ x: value }] })));

test('a number is predicted for each row by a regression, and a score by a model of anomalies', async () => {
  assert.deepEqual(await echoed(0.1), [0.1]);
  assert.deepEqual(await echoed(null), [-1]);
  assert.deepEqual(await echoed(true), [1]);
  assert.deepEqual(await predictions(echo(post('/invocations', { instances: [1, 2.5] }))), [1, 2.5]);
  assert.deepEqual(await predictions(echo(post('/invocations', { instances: [[1], [2.5]] }))), [1, 2.5]);
  const odd = createHandler(detector);
  const instances = [{ x: 0.25 }, { x: 0.75 }];
  assert.deepEqual(await predictions(odd(post('/invocations', { instances }))), [0.25, 0.75]);
  assert.deepEqual(await predictions(odd(post('/invocations', { instances, ...probabilities }))), [
    [0.75, 0.25],
    [0.25, 0.75],
  ]);
  const { outputs } = await json<Inference>(
    odd(
      post('/v2/models/odd/infer', { inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [0.75] }] }),
    ),
  );
  assert.deepEqual(outputs, [
    { name: 'score', datatype: 'FP64', shape: [1], data: [0.75] },
    { name: 'label', datatype: 'BYTES', shape: [1], data: ['anomaly'] },
  ]);
});

test('no rows give no predictions', async () => {
  for (const body of Object.values(bodiesOf([]))) {
    assert.deepEqual(await predictions(handler(post('/invocations', body))), []);
  }
  assert.deepEqual(await predictions(handler(postCsv(csvOf([])))), []);
});

/** What a single feature of a kind is decoded to. */
async function decoded(
  kind: 'number' | 'boolean' | 'category' | 'date',
  request: Request,
  categories: string[] = [],
): Promise<unknown[]> {
  let seen: unknown[] = [];
  const features = [{ name: 'x', kind, categories }];
  const spy = createHandler({
    description: { ...regressor.description, features },
    score([column = []], rows) {
      seen = [...column].map((value) => (Number.isNaN(value) ? null : value));
      return { values: new Float64Array(rows), classes: new Uint32Array(rows) };
    },
  });
  await predictions(spy(request));
  return seen;
}

const noon = Date.UTC(2013, 0, 31, 12);
for (const [text, millis] of [
  ['2013-01-31', Date.UTC(2013, 0, 31)],
  ['2013-01-31T12:00Z', noon],
  ['2013-01-31 12:00:00', noon],
  ['2013-01-31T12:00:00.123456', noon + 123],
  ['2013-01-31T12:00:00,5z', noon + 500],
  ['2013-01-31T14:00+02:00', noon],
  ['2013-01-31T06:30:00-0530', noon],
  ['2013-01-31T13:00+01', noon],
  ['0001-01-01', -62_135_596_800_000],
] as const) {
  test(`the date ${text} is read as in training, from JSON and from CSV`, async () => {
    assert.deepEqual(await decoded('date', post('/invocations', { instances: [{ x: text }] })), [millis]);
    assert.deepEqual(await decoded('date', postCsv(`x\n"${text}"\n`)), [millis]);
  });
}

for (const text of [
  '2013',
  '2013-1-1',
  '2013-02-30',
  '2013-13-01',
  '2013-01-31T',
  '2013-01-31T25:00',
  '31.01.2013',
]) {
  test(`${text} is no date`, async () => {
    await assert.rejects(decoded('date', post('/invocations', { instances: [{ x: text }] })), /bad_value/);
  });
}

test('numbers for dates are milliseconds in JSON; in CSV they are seconds where all are small, as in training', async () => {
  assert.deepEqual(await decoded('date', post('/invocations', { instances: [1000, noon] })), [1000, noon]);
  assert.deepEqual(await decoded('date', postCsv('x\n1000\n2000\n')), [1_000_000, 2_000_000]);
  assert.deepEqual(await decoded('date', postCsv(`x\n1000\n${noon}\n`)), [1000, noon]);
});

test('a CSV has the spellings of training', async () => {
  const missing = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', '?', '""'];
  assert.deepEqual(await decoded('number', postCsv(`x\n${missing.join('\n')}\n1\n`)), [
    ...missing.map(() => null),
    1,
  ]);
  assert.deepEqual(
    await decoded('number', postCsv('\ufeff x \r\n +.5 \r\n-1e3\r\n"7."\r\n')),
    [0.5, -1000, 7],
  );
  assert.deepEqual(await decoded('number', postCsv('x\r\n1\n2\r3\r\n\n5\n')), [1, 2, 3, null, 5]);
  assert.deepEqual(await decoded('boolean', postCsv('x\ntrue\nNo\nT\n0\n1.0\n')), [1, 0, 1, 0, 1]);
  assert.deepEqual(await decoded('category', postCsv('x\n 01 \n1.50\n"a ""b"""\n NA\n')), [
    '01',
    '1.50',
    'a "b"',
    null,
  ]);
});

test('numbers and booleans become the categories that they are in a table', async () => {
  const instances = [1, 0.5, 1e21, -0, true, false, '', null];
  const request = () => post('/invocations', { instances });
  const numbers = ['1', '0.5', '1e+21', '0'];
  assert.deepEqual(await decoded('category', request()), [...numbers, 'true', 'false', '', null]);
  const yesNo = ['No', 'Yes'];
  assert.deepEqual(await decoded('category', request(), yesNo), [...numbers, 'Yes', 'No', '', null]);
});

test('the target may be sent along', async () => {
  const rows = rowsOf(3, 4);
  const labelled = rows.map((row) => ({ ...row, species: 'Adelie' }));
  const answer = predictions(handler(post('/invocations', { dataframe_records: labelled })));
  assert.deepEqual(await answer, expected(rows).labels);
});

test('extra and missing fields are taken where that is asked for', async () => {
  const lenient = createHandler(regressor, { extraFields: 'ignore', missingFields: 'missing' });
  const instances = [{ x: 1, y2: 'extra' }, { z: 1 }, {}];
  assert.deepEqual(await predictions(lenient(post('/invocations', { instances }))), [1, -1, -1]);
  assert.deepEqual(await predictions(lenient(postCsv('z\n1\n2\n'))), [-1, -1]);
});
