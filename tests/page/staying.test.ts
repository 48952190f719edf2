/** What was loaded stays: over a reload, and without a network. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import {
  awaitResult,
  backToTrain,
  goToTrain,
  headlineScore,
  loadSample,
  startTraining,
} from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  ({ page } = await site.open());
});
after(() => site?.close());

test('the first view loads neither WebAssembly nor Plot', async () => {
  const loaded: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').filter((e) => e.initiatorType !== 'other').map((e) => e.name)",
  );
  assert.deepEqual(
    loaded.filter((name) => /\.wasm|plot/i.test(name)),
    [],
  );
});

test('a reload brings back the table, the choices, the model and its score', async () => {
  await loadSample(page, 'Penguins');
  await page.getByLabel('Type of year').selectOption('category');
  await goToTrain(page);
  await page.getByLabel('Trees', { exact: true }).fill('37');
  await startTraining(page);
  await awaitResult(page);
  const score = await headlineScore(page);
  await page.reload();
  await awaitResult(page);
  assert.equal(await headlineScore(page), score);
  await page.getByText('Random forest of 37 trees').waitFor();
  await backToTrain(page);
  assert.equal(await page.getByLabel('Trees', { exact: true }).inputValue(), '37');
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  assert.equal(await page.getByLabel('Type of year').inputValue(), 'category');
});

test('it works offline after the first visit: it loads, trains and predicts', async () => {
  await page.getByText('Works offline.').waitFor();
  await site.stopServing();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'penguins.csv' }).waitFor();
  await page.getByRole('button', { name: 'Load another' }).click();
  await loadSample(page, 'Credit');
  await goToTrain(page);
  await page.getByLabel('Trees', { exact: true }).fill('10');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await headlineScore(page)) > 0.7);
  await page.getByRole('link', { name: 'Predict', exact: true }).click();
  await page.getByRole('region', { name: 'Prediction' }).locator('.value').waitFor();
});

test('no request went to another host', () => {
  assert.deepEqual(site.foreign, []);
});
