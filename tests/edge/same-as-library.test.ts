/**
 * A cell is read at the edge as the library reads it: whatever is in it, and for every kind of feature. What
 * was read is what a scorer of the test was given.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnData, HedgerowError, Table, type Value } from 'hedgerow';
import { type Column, createHandler, type FeatureKind } from 'hedgerow/edge';
import { regressor } from './support/models.js';
import { post, postCsv } from './support/requests.js';

const kinds: FeatureKind[] = ['number', 'boolean', 'category', 'date', 'text'];

/** The value that a request has at the edge; `undefined` where it is refused. */
async function atTheEdge(kind: FeatureKind, request: Request): Promise<number | string | null | undefined> {
  let seen: Column = [];
  const features = [{ name: 'x', kind }];
  const handler = createHandler(
    {
      description: { ...regressor.description, features },
      score([column = []], rows) {
        seen = column;
        return { values: new Float64Array(rows), classes: new Uint32Array(rows) };
      },
    },
    { extraFields: 'ignore' },
  );
  const { status } = await handler(request);
  if (status === 200) return seen[0];
  assert.equal(status, 400);
  return undefined;
}

/** The value that a table has; `undefined` where it is refused. */
async function inTheLibrary(read: () => Table | Promise<Table>): Promise<number | string | null | undefined> {
  try {
    return first((await read()).column('x'));
  } catch (error) {
    assert.ok(error instanceof HedgerowError, String(error));
    return undefined;
  }
}

function first(column: ColumnData): number | string | null {
  if ('values' in column) return column.values[0] ?? Number.NaN;
  return column.categories[column.codes[0] ?? 0] ?? null;
}

const spellings = [
  ...[
    '1',
    '01',
    '1.',
    '.5',
    '+.5',
    '-1e3',
    '1E-7',
    '1e400',
    '1e-400',
    '-0',
    '0.1',
    '123456789012345678901234567890',
  ],
  ...[
    '0x10',
    '1_000',
    '1 000',
    '١',
    '1e',
    'e5',
    '+',
    '-',
    '.',
    '--1',
    '1f',
    'inf',
    '-Infinity',
    '+INF',
    'infinite',
  ],
  ...[
    '',
    ' ',
    'NA',
    ' NA ',
    'na',
    'N/A',
    'n/a',
    'NaN',
    'nan',
    'Nan',
    'null',
    'NULL',
    'Null',
    '?',
    '-',
    'None',
  ],
  ...['true', 'TRUE', 'Yes', 't', 'y', 'false', 'No', 'f', 'n', '0', '1.0', '2', 'tru', 'on'],
  ...[
    '2013-01-31',
    '2013-02-30',
    '2012-02-29',
    '2013-01-31T12:00',
    '2013-01-31t12:00:59.9999z',
    '0000-01-01',
    '9999-12-31',
  ],
  ...[
    '2013-01-31 24:00',
    '2013-01-31T12:00:60',
    '2013-01-31T12:00+02:00',
    '2013-01-31T12:00-0230',
    '2013-01-31T12:00+1',
  ],
  ...[
    '2013-01-31T12:00:00.',
    '2013-01-31T12:00 Z',
    '1359633600',
    '1359633600000',
    '-1e10',
    '99999999999',
    '1e11',
  ],
  ...[
    ' padded\t',
    '\u00a0blank\u00a0',
    '"quo""ted"',
    '"a,b"',
    '"line\nbreak"',
    '" padded "',
    'Zürich',
    '🐧',
    "it's",
    'a"b',
  ],
];

for (const kind of kinds) {
  test(`a CSV's cell is read the same as a ${kind}`, async () => {
    for (const cell of spellings) {
      const csv = `x,y\n${cell},1\n`;
      const told = await inTheLibrary(() => Table.fromCsv(csv, { delimiter: ',', kinds: { x: kind } }));
      // 1.0 is a boolean where the column was read as one of numbers, which is what pandas writes.
      const asNumber = async () => (await Table.fromCsv(csv, { delimiter: ',' })).withKind('x', kind);
      const here = told ?? (kind === 'boolean' ? await inTheLibrary(asNumber) : told);
      assert.deepEqual(await atTheEdge(kind, postCsv(csv)), here, JSON.stringify(cell));
    }
  });
}

const values: Value[] = [
  ...[0, -0, 1, 2, 0.1, 1e21, 1e-7, 5e-324, 123456789.5, 1e11, 1359633600000, -1e12],
  ...[
    true,
    false,
    null,
    '',
    'a',
    'true',
    '1',
    'NA',
    'Zürich',
    '🐧',
    ' padded ',
    '2013-01-31',
    '2013-01-31T12:00:00.500Z',
  ],
];

for (const kind of kinds) {
  test(`a JSON value that is taken as a ${kind} is read the same`, async () => {
    for (const value of values) {
      const there = await atTheEdge(kind, post('/invocations', { instances: [{ x: value }] }));
      // Strings are no numbers in JSON.
      if (there === undefined) continue;
      // Numbers for dates are milliseconds, always: what else is in a request does not matter.
      if (kind === 'date' && typeof value === 'number' && Math.abs(value) < 1e11) continue;
      const here = await inTheLibrary(() => Table.fromColumns({ x: [value] }, { kinds: { x: kind } }));
      assert.deepEqual(there, here, `${JSON.stringify(value)}`);
    }
  });
}
