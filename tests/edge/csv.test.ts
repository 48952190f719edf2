/** A CSV is cut as Papa Parse cuts it, and its numbers are those of JavaScript. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHandler } from 'hedgerow/edge';
import Papa from 'papaparse';
import { regressor } from './support/models.js';
import { postCsv, predictions } from './support/requests.js';

/** Whole numbers from 0 on, the same with every run. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What a handler makes of a CSV with two columns of text; the code where it refuses. */
async function read(csv: string): Promise<unknown> {
  let seen: unknown = [];
  const features = ['a', 'b'].map((name) => ({ name, kind: 'text' as const }));
  const spy = createHandler({
    description: { ...regressor.description, features },
    score(columns, rows) {
      seen = Array.from({ length: rows }, (_, row) => columns.map((column) => column[row]));
      return { values: new Float64Array(rows), classes: new Uint32Array(rows) };
    },
  });
  const response = await spy(postCsv(csv));
  return response.status === 200 ? seen : ((await response.json()) as { code: string }).code;
}

/** The same by Papa Parse, which does not skip empty lines or trim cells as is done here. */
function expected(csv: string): unknown {
  const { data, errors } = Papa.parse<string[]>(csv, { delimiter: ',', newline: '\n' });
  const [error] = errors;
  if (error) return error.code === 'MissingQuotes' ? 'csv_unclosed_quote' : 'csv_bad_quote';
  const [, ...rows] = data.filter((row) => row.length > 1 || row[0] !== '');
  if (rows.some((row) => row.length !== 2)) return 'csv_ragged_row';
  return rows.map((row) => row.map((cell) => cell.replace(/^[ \t]+|[ \t]+$/g, '') || null));
}

const pieces = ['"', '"', '""', ',', ',', '\n', '\n', ' ', 'a', 'é', '\n"x', '",', ',"', '"\n', '"",""'];

test('any text is cut or refused as Papa Parse does', async () => {
  const draw = draws(1);
  let cut = 0;
  for (let round = 0; round < 20_000; round++) {
    const body = Array.from({ length: draw(12) }, () => pieces[draw(pieces.length)]).join('');
    const csv = `a,b\n${body}\n`;
    // An empty value in quotes is a row of one cell here, as in training.
    if (/^"" *$/m.test(body)) continue;
    const found = await read(csv);
    if (typeof found !== 'string') cut += 1;
    // Where several things are wrong, which is named first is another question.
    const wanted = expected(csv);
    if (typeof wanted === 'string') assert.equal(typeof found, 'string', JSON.stringify(csv));
    else assert.deepEqual(found, wanted, JSON.stringify(csv));
  }
  assert.ok(cut > 1_000, `${cut} were cut`);
});

test('lines may end in three ways, also where there are quotes', async () => {
  const rows = [
    ['1', 'x\r\ny'],
    ['2', 'z'],
    ['3', null],
  ];
  assert.deepEqual(await read('a,b\r\n1,"x\r\ny"\r2,z\n\r\n\n3,'), rows);
  assert.deepEqual(await read('\n\ra,b\r1,"x\r\ny" \n2,z\r\n3,""\r'), rows);
});

test('a CSV of empty lines is empty', async () => {
  for (const csv of ['', '\n', '\r\n\r\n', '\ufeff']) assert.equal(await read(csv), 'csv_empty');
});

/** A number spelled as somebody could, with few digits or many. */
function spelled(draw: (below: number) => number): string {
  const digits = (most: number) => Array.from({ length: draw(most) }, () => draw(10)).join('');
  const exponent = draw(4) === 0 ? `${'eE'[draw(2)]}${['', '+', '-'][draw(3)]}${draw(30)}` : '';
  const point = ['', '.'][draw(2)];
  return `${['', '-', '+'][draw(3)]}${digits(draw(3) === 0 ? 20 : 6)}${draw(10)}${point}${point && digits(draw(4) === 0 ? 25 : 7)}${exponent}`;
}

test('numbers are read as JavaScript reads them, to the bit', async () => {
  const draw = draws(2);
  const edges = [
    '0',
    '-0',
    '-0.0',
    '.5',
    '5.',
    '-.5',
    '9007199254740991',
    '9007199254740993',
    '1e22',
    '1e23',
  ];
  const more = ['0.1', '123456789012345678', '0.30000000000000004', '4.35', '1e-22', `0.${'0'.repeat(22)}1`];
  const all = [...edges, ...more, ...Array.from({ length: 9_000 }, () => spelled(draw))];
  const handler = createHandler(regressor, { maxRows: 10_000 });
  const found = await predictions(handler(postCsv(`x\n${all.join('\n')}\n`)));
  assert.deepEqual(
    found,
    all.map((text) => Number(text) + 0),
  );
});

for (const text of ['.', '-', '+', '-.', '1.2.3', '--1', '1-', '1e', 'e1', '0x1', '1_000', '١', '1 2']) {
  test(`${JSON.stringify(text)} is no number`, async () => {
    const response = await createHandler(regressor)(postCsv(`x\n1\n${text}\n`));
    assert.equal(response.status, 400);
    assert.equal(((await response.json()) as { code: string }).code, 'bad_value');
  });
}
