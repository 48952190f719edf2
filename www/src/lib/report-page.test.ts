import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, report } from './drift.fixture.ts';
import { type Reported, reportFileName, reportPage } from './report-page.ts';

const watched = {
  sha256: 'abcdef0123456789',
  info: { schema: { target: { name: 'price <€>' }, features: [] } },
} as unknown as Reported['watched'];
const reported: Reported = {
  watched,
  report,
  findings: [{ code: 'new_values', column: 'word', message: '"word" has <new> words.' }],
  worst: {
    name: 'b.csv',
    segments: [
      {
        conditions: [{ column: 'word', is: '<b>' }],
        rows: 30,
        share: 0.15,
        metric: 'errorRate',
        error: 0.5,
        errorElsewhere: 0.1,
        pValue: 0.001,
      },
    ],
  },
  places: [
    { name: 'a.csv', report },
    { name: 'b.csv', report },
  ],
  made: Date.UTC(2026, 0, 2, 3, 4),
};

test('the report needs nothing else: no script, no address', () => {
  const page = reportPage(reported);
  assert.doesNotMatch(page, /<script|<link|src=|href=|https?:|url\(/);
  assert.match(page, /default-src 'none'/);
});

test('what comes from data is text', () => {
  const page = reportPage(reported);
  assert.match(page, /price &lt;€&gt;/);
  assert.match(page, /&lt;new&gt; words/);
  assert.match(page, /word is &lt;b&gt;: 50/);
  assert.doesNotMatch(page, /a<b>|<new>/);
});

test('every column has its line and its picture, the worst first', () => {
  const page = reportPage(reported);
  assert.equal(page.match(/<figure>/g)?.length, columns.length);
  assert.ok(page.indexOf('height drifted') < page.indexOf('word is spread'));
  assert.match(page, /data drift: two|Data drift: two/);
  assert.match(page, /One by one/);
});

test('a hundred columns make a small file', () => {
  const many = Array.from({ length: 100 }, () => columns[1]).filter((column) => column !== undefined);
  assert.ok(reportPage({ ...reported, report: { ...report, columns: many } }).length < 250_000);
});

test('its name has the target and the model', () => {
  assert.equal(reportFileName(watched), 'drift-price-abcdef01.html');
});
