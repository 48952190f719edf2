import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, report } from './drift.fixture.ts';
import { type Reported, reportFileName, reportPage } from './report-page.ts';

const watched = {
  sha256: 'abcdef0123456789',
  info: { schema: { target: { name: 'price <€>' } } },
} as Reported['watched'];
const reported: Reported = {
  watched,
  report,
  findings: [{ code: 'new_values', column: 'word', message: '"word" has <new> words.' }],
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
