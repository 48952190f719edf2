/** Choosing: learners compared on the same folds, parameters tuned, and what more rows would do. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import {
  awaitResult,
  backToTrain,
  blobs,
  dropFile,
  goToTrain,
  headlineScore,
  openInTrain,
} from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Penguins');
});
after(() => site?.close());

const part = async (name: string) => {
  await backToTrain(page);
  await page.getByRole('navigation', { name: 'Ways to train' }).getByRole('link', { name }).click();
};
const start = (name: string) => page.getByRole('button', { name, exact: true }).click();
const done = (name: string) =>
  page
    .getByRole('region', { name, exact: true })
    .getByRole('heading', { name: /^Done in/ })
    .waitFor({ timeout: 240_000 });
const panel = (name: string) => page.getByRole('region', { name, exact: true });
const learners = () => page.getByRole('group', { name: 'Learners' }).getByRole('checkbox');

async function setFolds(folds: number): Promise<void> {
  await page.getByLabel('Folds').fill(String(folds));
  await page.getByLabel('Folds').press('Tab');
}

/** Leaves a few cheap learners in the comparison, so that it does not take long. */
async function fewLearners(): Promise<number> {
  await learners().first().waitFor();
  const all = await learners().count();
  for (let index = 2; index < all; index += 1) await learners().nth(index).uncheck();
  return Math.min(all, 2);
}

test('learners are compared on the same folds, the best first, with the baseline among them', async () => {
  await part('Compare');
  const count = await fewLearners();
  await setFolds(3);
  await start('Compare');
  await done('Compare');
  const rows = panel('Compare').getByRole('row');
  assert.equal(await rows.count(), 1 + count + 1);
  const scores = (await panel('Compare').locator('.score').allTextContents()).map(Number.parseFloat);
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  assert.ok((scores[0] ?? 0) > 0.9, String(scores));
  assert.match((await rows.last().textContent()) ?? '', /Baseline/);
  await panel('Compare')
    .getByText(/to best, p/)
    .last()
    .waitFor();
});

test('the best is trained on all rows, and the result says what it was worth', async () => {
  await page
    .getByRole('button', { name: /^Train on all rows/ })
    .first()
    .click();
  await awaitResult(page);
  await page.getByText('in cross-validation over 3 folds').waitFor();
  await page.getByText('learned from all rows').waitFor();
  await page.getByText('As code').click();
  const code = page.locator('details', { hasText: 'As code' }).locator('pre');
  assert.match((await code.textContent()) ?? '', /await train\(table, \{/);
  await page.reload();
  await page.getByText('in cross-validation over 3 folds').waitFor();
});

test('tuning tries parameters, and the best can be used in the form', async () => {
  await part('Tune');
  await page.getByRole('group', { name: 'Learner' }).getByText('Random forest', { exact: true }).click();
  await page.getByLabel('Trials at most').fill('5');
  await page.getByLabel('Trials at most').press('Tab');
  await setFolds(2);
  await start('Tune');
  await done('Tune');
  const trials = page.getByRole('region', { name: 'Trials' }).getByRole('row');
  assert.equal(await trials.count(), 6);
  const best = (await trials.nth(1).textContent()) ?? '';
  const trees = /Trees ([\d,]+)/.exec(best)?.[1]?.replace(',', '');
  await page.getByRole('button', { name: 'Use these parameters' }).click();
  assert.equal(await page.getByLabel('Trees', { exact: true }).inputValue(), trees);
  await start('Train');
  await awaitResult(page);
  assert.ok((await headlineScore(page)) > 0.9);
});

test('the best of a tuning is there as a model of all rows', async () => {
  await part('Tune');
  await page.getByRole('button', { name: 'See the model of all rows' }).click();
  await awaitResult(page);
  await page.getByText('in cross-validation over 2 folds').waitFor();
  await page.getByRole('link', { name: 'Predict', exact: true }).click();
  await page.getByRole('region', { name: 'Prediction' }).locator('.value').waitFor();
});

test('a learning curve says whether more rows would help', async () => {
  await part('More rows?');
  await setFolds(3);
  await start('Measure');
  await done('Measure');
  const figure = page.getByRole('figure').filter({ hasText: 'by number of rows trained on' });
  await figure.getByRole('heading', { name: /more rows would help/ }).waitFor();
  await figure.locator('svg').first().waitFor();
  await figure.getByText('Table', { exact: true }).click();
  await figure.getByRole('row').nth(4).waitFor();
});

test('another table forgets what was found out about this one', async () => {
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByRole('button', { name: 'Load another' }).click();
  await dropFile(page, 'blobs.csv', blobs(20_000));
  await page.getByRole('heading', { level: 1, name: 'blobs.csv' }).waitFor();
  await goToTrain(page);
  await part('Compare');
  await page.getByLabel('Predict', { exact: true }).selectOption('class');
  assert.equal(await page.getByRole('row').count(), 0);
});

test('Cancel ends a comparison or a tuning at once', async () => {
  await setFolds(20);
  await start('Compare');
  await panel('Compare')
    .getByText(/^\d+ of \d+$/)
    .waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await panel('Compare').getByRole('heading', { name: 'Cancelled' }).waitFor({ timeout: 2000 });
  await page.getByLabel('Metric').selectOption('ROC AUC');
  await part('Tune');
  await start('Tune');
  await panel('Tune')
    .getByText(/^\d+ of \d+$/)
    .waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await panel('Tune').getByRole('heading', { name: 'Cancelled' }).waitFor({ timeout: 2000 });
});

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
