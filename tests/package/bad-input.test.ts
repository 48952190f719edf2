/** Bad input gives a HedgerowError with its code, and leaves everything usable. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Model, ReadOptions, Table, TrainOptions } from 'hedgerow';
import { type Installed, install } from './support/installed.js';

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let penguins: Table;
let model: Model;

before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  penguins = await hedgerow.Table.fromCsv(await readFile(join(installed.folder, 'penguins.csv')));
  model = await hedgerow.train(penguins, {
    target: 'species',
    learner: { kind: 'random-forest', nEstimators: 5 },
  });
});
after(() => installed.remove());

/** That `work` fails with a code, a sentence and these details, and that all works afterwards. */
async function refuses(work: () => unknown, code: string, details: object = {}): Promise<void> {
  await assert.rejects(
    async () => work(),
    (error) => {
      assert.ok(error instanceof hedgerow.HedgerowError, String(error));
      assert.ok(error instanceof Error);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /\. /, 'says what is wrong, then what to do');
      assert.deepEqual({ ...error.details, ...details }, { ...error.details });
      return true;
    },
  );
  assert.equal((await hedgerow.Table.fromCsv('a,b\n1,x\n')).numRows, 1);
  assert.equal(penguins.numRows, 344);
  assert.equal(model.predict([{ bill_length_mm: 39.1 }]).length, 1);
}

const latin1 = Uint8Array.from('name\ncafé\n', (character) => character.charCodeAt(0));
const wide = (columns: number) =>
  `${Array.from({ length: columns }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(columns - 1)}1\n`;

const badCsv: [string, string | Uint8Array, string, object?, ReadOptions?][] = [
  ['an empty file', '', 'csv_empty'],
  ['a header only', 'a,b\n', 'csv_no_rows'],
  ['a ragged row', 'a,b\n1,2\n3\n', 'csv_ragged_row', { row: 2, line: 3 }],
  ['a row too long', 'a,b\n1,2,3\n', 'csv_ragged_row', { row: 1, line: 2 }],
  ['two columns of one name', 'a,a\n1,2\n', 'csv_duplicate_column', { column: 'a' }],
  ['a column without a name', 'a,\n1,2\n', 'csv_empty_column_name'],
  ['a quote that is never closed', 'a,b\n1,"x\n2,y\n', 'csv_unclosed_quote'],
  ['Latin-1', latin1, 'csv_encoding', { row: 1 }],
  ['a NUL byte', 'a,b\n1,\0\n', 'csv_nul_byte', { row: 1 }],
  ['more than 10,000 columns', wide(10_001), 'csv_too_many_columns'],
  ['a cell of more than 1 MiB', `a,b\n1,${'x'.repeat(2 ** 20 + 1)}\n`, 'csv_cell_too_large', { row: 1 }],
  ['infinity', 'a,b\n1,2\n3,Infinity\n', 'csv_infinite', { row: 2, column: 'b', value: 'Infinity' }],
  [
    'a kind that does not fit',
    'a\n1\nx\n',
    'csv_bad_value',
    { row: 2, column: 'a', value: 'x' },
    { kinds: { a: 'number' } },
  ],
  ['an option that does not exist', 'a\n1\n', 'bad_option', {}, { delimeter: ';' } as ReadOptions],
];

for (const [name, csv, code, details, options] of badCsv) {
  test(`a CSV with ${name} is refused with ${code}`, () =>
    refuses(() => hedgerow.Table.fromCsv(csv, options), code, details));
}

const utf16 = new Uint8Array(
  new Uint16Array(Array.from('\ufeffa,b\r\n1,é\r\n', (c) => c.charCodeAt(0))).buffer,
);
const goodCsv: [string, string | Uint8Array, unknown, ReadOptions?][] = [
  ['a byte-order mark', '\ufeffa,b\n1,é\n', { a: 1, b: 'é' }],
  ['CRLF', 'a,b\r\n1,é\r\n', { a: 1, b: 'é' }],
  ['UTF-16', utf16, { a: 1, b: 'é' }],
  ['Latin-1, told so', latin1, { name: 'café' }, { encoding: 'latin1' }],
  ['a column all missing', 'a,b\n1,\n', { a: 1, b: null }],
];

for (const [name, csv, row, options] of goodCsv) {
  test(`a CSV with ${name} is read`, async () => {
    const table = await hedgerow.Table.fromCsv(csv, options);
    assert.deepEqual(table.toRows(), [row]);
  });
}

test('10,000 columns and a cell of 1 MB are read', async () => {
  assert.equal((await hedgerow.Table.fromCsv(wide(10_000))).numColumns, 10_000);
  const table = await hedgerow.Table.fromCsv(`a,b\n1,${'x'.repeat(1_000_000)}\n`);
  assert.equal(String(table.values('b')[0]).length, 1_000_000);
});

test('constant and empty columns are warned of', async () => {
  const table = await hedgerow.Table.fromCsv('a,b,c\n1,,x\n1,,y\n1,,x\n');
  const warnings = table.summary().map((column) => column.warnings.length);
  assert.ok((warnings[0] ?? 0) > 0 && (warnings[1] ?? 0) > 0, JSON.stringify(table.summary()));
});

const column = (n: number, value: (row: number) => string | number | null) =>
  Array.from({ length: n }, (_, row) => value(row));
const badTraining: [string, Record<string, (string | number | null)[]>, TrainOptions, string, object?][] = [
  ['one class', { x: [1, 2, 3], y: ['a', 'a', 'a'] }, { target: 'y' }, 'target_one_class', { column: 'y' }],
  ['a missing value', { x: [1, 2, 3], y: ['a', null, 'b'] }, { target: 'y' }, 'target_missing', { row: 2 }],
  [
    '10,000 classes',
    { x: column(20_000, (row) => row), y: column(20_000, (row) => `c${row % 10_000}`) },
    { target: 'y', task: 'classification' },
    'target_too_many_classes',
  ],
  ['one row', { x: [1], y: ['a'] }, { target: 'y' }, 'too_few_rows'],
  ['no such column', { x: [1, 2], y: ['a', 'b'] }, { target: 'z' }, 'unknown_column', { column: 'z' }],
];

for (const [name, columns, options, code, details] of badTraining) {
  for (const workers of [0, 1, 2]) {
    test(`a target with ${name} is refused with ${code}, with ${workers} workers`, () =>
      refuses(
        () =>
          hedgerow.train(
            hedgerow.Table.fromColumns(columns, { kinds: 'y' in columns ? { y: 'category' } : {} }),
            { ...options, workers },
          ),
        code,
        details,
      ));
  }
}

for (const odd of [Infinity, -Infinity]) {
  test(`a column of JavaScript numbers with ${odd} is refused, one with NaN has a missing value`, async () => {
    const table = (x: number) => hedgerow.Table.fromColumns({ w: [1, 2, 3], x: new Float64Array([1, x, 3]) });
    await refuses(() => table(odd), 'infinite_value', { column: 'x', row: 2 });
    await refuses(() => hedgerow.Table.fromColumns({ x: [1, odd] }), 'infinite_value', {
      column: 'x',
      row: 2,
    });
    assert.equal(table(Number.NaN).dropMissing().numRows, 2);
  });
}

test('parameters and options out of range are refused', async () => {
  const learner = (params: object) => () =>
    hedgerow.train(penguins, { target: 'species', learner: { kind: 'random-forest', ...params } });
  await refuses(learner({ nEstimators: 0 }), 'bad_parameter');
  await refuses(learner({ nEstimator: 10 }), 'bad_option');
  await refuses(() => hedgerow.train(penguins, { target: 'species', workers: -1 }), 'bad_option');
  await refuses(() => hedgerow.train({} as Table, { target: 'species' }), 'not_a_table');
});

test('a prediction row with an unknown field is refused, with missing fields it is predicted', async () => {
  await refuses(() => model.predict([{ bil_length_mm: 39.1 }]), 'unknown_field', { column: 'bil_length_mm' });
  await refuses(() => model.predict([{ bill_length_mm: 'long' }]), 'bad_value', {
    row: 1,
    column: 'bill_length_mm',
  });
  await refuses(() => model.predict(penguins.drop(['island'])), 'missing_column', { column: 'island' });
  assert.deepEqual(model.predict([]), []);
  assert.equal(model.predict([{}]).length, 1);
  assert.equal(model.predict([{ island: 'Atlantis', sex: null }]).length, 1);
  assert.deepEqual(model.predict([{ bill_length_mm: '39.1' }]), model.predict([{ bill_length_mm: 39.1 }]));
});

test('a model file that is not whole is refused', async () => {
  const bytes = model.save();
  const cut = (length: number) => () => hedgerow.Model.load(bytes.slice(0, length));
  const flipped = (place: number, bits: number) => () => {
    const copy = bytes.slice();
    copy[place] = (copy[place] ?? 0) ^ bits;
    return hedgerow.Model.load(copy);
  };
  await refuses(cut(bytes.length - 1), 'model_damaged');
  await refuses(cut(100), 'model_damaged');
  await refuses(flipped(bytes.length - 1, 1), 'model_damaged');
  const version = String.raw`\"format_version\":1,`;
  const place = new TextDecoder('latin1').decode(bytes).indexOf(version) + version.length - 2;
  // Makes a 9 of the 1.
  await refuses(flipped(place, 8), 'model_later_version');
  await refuses(() => hedgerow.Model.load(new TextEncoder().encode('species,island\n')), 'model_not_a_model');
  await refuses(() => hedgerow.Model.load(new Uint8Array()), 'model_not_a_model');
});

test('random bytes never stop the instance', () => {
  let state = 42;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const whole = model.save();
  for (let round = 0; round < 2_000; round++) {
    const bytes =
      round % 2 === 0
        ? Uint8Array.from({ length: random(300) }, () => random(256))
        : whole.slice(0, 1 + random(whole.length));
    for (let edits = random(8); edits >= 0 && bytes.length > 0; edits--)
      bytes[random(bytes.length)] = random(256);
    for (const read of [hedgerow.Model.load, hedgerow.Table.fromBytes]) {
      try {
        read(bytes);
      } catch (error) {
        assert.ok(error instanceof hedgerow.HedgerowError);
        assert.notEqual(error.code, 'wasm_stopped', error.message);
      }
    }
  }
  assert.equal(model.predict([{ bill_length_mm: 39.1 }]).length, 1);
});

test('a freed table or model says so', async () => {
  const table = penguins.head();
  table.free();
  table.free();
  await refuses(() => table.numRows, 'freed');
  const other = hedgerow.Model.load(model.save());
  other.free();
  await refuses(() => other.predict([{}]), 'freed');
});
