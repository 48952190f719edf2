/** Anomalies: found without a target, and measured by one that has two classes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, backToTrain, openInTrain, startTraining } from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Penguins');
});
after(() => site?.close());

const predict = () => page.getByLabel('Predict', { exact: true });

test('nothing to predict leaves what finds anomalies, and no rows to keep back', async () => {
  await predict().selectOption('nothing: find anomalies');
  await page.getByRole('heading', { level: 2, name: 'Isolation forest', exact: true }).waitFor();
  assert.equal(await page.getByRole('group', { name: 'Learner' }).getByRole('radio').count(), 1);
  assert.equal(await page.getByRole('group', { name: 'Test' }).count(), 0);
  await page.getByText('As code').click();
  await page
    .getByText("const model = await train(table, {\n  learner: { kind: 'isolation-forest' }")
    .waitFor();
});

test('the rows most unlike the others are shown with their scores', async () => {
  await startTraining(page);
  await page.getByRole('heading', { level: 1, name: 'Finding anomalies' }).waitFor();
  const table = page.getByRole('region', { name: 'The most anomalous rows' }).getByRole('table');
  await table.waitFor();
  const scores = await table.locator('tbody tr td:nth-of-type(1)').allTextContents();
  assert.equal(scores.length, 10);
  assert.ok(scores.every((score, place) => place === 0 || Number(score) <= Number(scores[place - 1])));
  assert.ok(Number(scores[0]) > 0.5);
  await page.getByRole('heading', { name: /^(\d+ rows? of 344|No row)/ }).waitFor();
});

test('the choice stays, and there is nothing to compare', async () => {
  await backToTrain(page);
  assert.equal(await predict().inputValue(), '');
  await page
    .getByRole('navigation', { name: 'Ways to train' })
    .getByRole('link', { name: 'Compare' })
    .click();
  await page.getByText('there is nothing to choose by').waitFor();
  await page.getByRole('link', { name: 'One learner' }).last().click();
});

test('a column of two classes can be what anomalies are measured by', async () => {
  await predict().selectOption('sex');
  const drop = page.getByRole('button', { name: 'Drop those rows' });
  if (await drop.isVisible()) await drop.click();
  await page.getByRole('combobox', { name: /^as/ }).selectOption('an anomaly');
  await page.getByRole('heading', { level: 2, name: 'Isolation forest', exact: true }).waitFor();
  await startTraining(page);
  await awaitResult(page);
  await page.getByRole('region', { name: 'Score' }).waitFor();
});

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
