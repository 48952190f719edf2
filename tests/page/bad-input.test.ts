/** What is wrong is said where it is, with its place and its code, and the page goes on. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, dropFile, goToTrain, startTraining } from './support/steps.js';

let site: Site;
let page: Page;
let context: BrowserContext | undefined;

before(async () => {
  site = await startSite();
});
beforeEach(async () => {
  await context?.close();
  ({ page, context } = await site.open());
});
after(() => site?.close());

const good = 'a,b\n1,x\n2,y\n3,x\n';

test('an empty file, ragged rows and broken quotes are named by place and code, and the next file loads', async () => {
  const bad: [string, string, RegExp | null][] = [
    ['', 'csv_empty', null],
    ['a,b\n', 'csv_no_rows', null],
    ['a,b\n1,2\n3\n', 'csv_ragged_row', /line 3/],
    ['a,a\n1,2\n', 'csv_duplicate_column', null],
    ['a,b\n1,"2\n', 'csv_unclosed_quote', /line 2/],
  ];
  for (const [content, code, place] of bad) {
    await dropFile(page, 'bad.csv', content);
    const alert = page.getByRole('alert');
    await alert.getByText(code).waitFor();
    if (place) await alert.getByText(place).first().waitFor();
  }
  await dropFile(page, 'good.csv', good);
  await page.getByRole('heading', { level: 1, name: 'good.csv' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('a broken file leaves the loaded table as it was', async () => {
  await dropFile(page, 'good.csv', good);
  await page.getByRole('heading', { level: 1, name: 'good.csv' }).waitFor();
  await dropFile(page, 'bad.csv', '');
  await page.getByRole('alert').waitFor();
  await page.getByRole('heading', { level: 1, name: 'good.csv' }).waitFor();
});

test('a Latin-1 file offers to be read as such', async () => {
  await dropFile(page, 'latin1.csv', Buffer.from('stadt,n\nKöln,1\nBonn,2\n', 'latin1'));
  await page.getByRole('alert').getByText('csv_encoding').waitFor();
  await page.getByRole('button', { name: 'Read as Latin-1' }).click();
  await page.getByRole('cell', { name: 'Köln' }).waitFor();
  await page.getByText('As code').click();
  await page.getByText("encoding: 'latin1'").waitFor();
});

test('an infinite number offers to be read as missing', async () => {
  await dropFile(page, 'infinite.csv', 'a,b\n1,2\nInfinity,3\n4,5\n');
  await page.getByRole('alert').getByText('csv_infinite').waitFor();
  await page.getByRole('button', { name: 'Read infinite values as missing' }).click();
  await page.getByRole('cell', { name: 'missing' }).waitFor();
});

test('a type that does not fit is refused at its column', async () => {
  await dropFile(page, 'good.csv', good);
  await page.getByLabel('Type of b').selectOption('number');
  await page
    .getByRole('region', { name: 'Columns' })
    .getByRole('alert')
    .getByText(/"x"|“x”/)
    .first()
    .waitFor();
  assert.equal(await page.getByLabel('Type of b').inputValue(), 'category');
});

test('rows without a target are dropped with one click', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `${row % 7},${row === 3 ? '' : row % 2 ? 'odd' : 'even'}`,
  );
  await dropFile(page, 'gaps.csv', `n,target\n${rows.join('\n')}\n`);
  await goToTrain(page);
  await page.getByText('1 row of 40 miss').or(page.getByText('1 row of 40 has')).waitFor();
  await page.getByRole('button', { name: 'Drop those rows' }).click();
  await page.getByText('Learn from 31, test on 8 rows.').waitFor();
  await page.getByLabel('Trees', { exact: true }).fill('5');
  await startTraining(page);
  await awaitResult(page);
});

test('a file that is no model is refused, and the page goes on', async () => {
  await page.getByRole('link', { name: 'Result' }).click();
  const notes = {
    name: 'notes.safetensors',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('hello'),
  };
  await page.getByLabel('Open a model file').setInputFiles(notes);
  await page
    .getByRole('alert')
    .getByText(/^model_/)
    .waitFor();
  await page.getByLabel('Open a model file').waitFor();
});

test('ten thousand columns stay quick', async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
  const row = names.map((_, index) => index % 10).join(',');
  await dropFile(page, 'wide.csv', `${names.join(',')}\n${row}\n${row}\n`);
  await page.getByText('2 rows × 10,000 columns').waitFor();
  assert.ok((await page.getByLabel(/^Type of/).count()) < 60);
});

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
