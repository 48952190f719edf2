/** What a model has learned, to be read: a tree by eye, by keyboard and as text, and coefficients. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, backToTrain, openInTrain, startTraining } from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Credit');
});
after(() => site?.close());

const figure = () => page.getByRole('figure').filter({ hasText: 'The tree:' });
const questions = () => figure().getByRole('button', { name: /\?/ });

async function trainWith(learner: string, changes: Record<string, string>): Promise<void> {
  await backToTrain(page);
  await page.getByRole('group', { name: 'Learner' }).getByText(learner, { exact: true }).click();
  for (const [label, value] of Object.entries(changes)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await startTraining(page);
  await awaitResult(page);
}

test('the tree is drawn with its first questions open', async () => {
  await trainWith('Decision tree', { 'Greatest depth': '6' });
  await figure()
    .getByRole('heading', { name: /questions, at most 6 in a row; first:/ })
    .waitFor();
  assert.equal(await figure().locator('[aria-expanded="true"]').count(), 7);
});

test('a question is opened and closed by keyboard', async () => {
  const closed = figure().locator('[aria-expanded="false"]').first();
  const before = await questions().count();
  await closed.focus();
  await page.keyboard.press('Enter');
  const opened = figure().locator('[aria-expanded="true"]');
  assert.equal(await opened.count(), 8);
  await page.keyboard.press('Enter');
  assert.equal(await opened.count(), 7);
  assert.equal(await questions().count(), before);
});

test('the text behind it has every question', async () => {
  await figure().getByText('Text', { exact: true }).click();
  const text = await figure().getByRole('region', { name: 'The tree as text' }).textContent();
  assert.ok((text ?? '').split('\n').length > 30);
});

test('of a forest any tree can be looked at', async () => {
  await trainWith('Random forest', { Trees: '5', 'Greatest depth': '3' });
  const first = await figure().getByRole('heading').textContent();
  await figure().getByLabel('Tree').fill('3');
  await figure().getByLabel('Tree').press('Tab');
  await figure()
    .getByRole('heading')
    .filter({ hasNotText: first ?? '' })
    .waitFor();
  await figure().getByText('of 5').waitFor();
});

test('the coefficients of a linear model are drawn, with the intercept in the table', async () => {
  await trainWith('Logistic regression', {});
  const coefficients = page.getByRole('figure').filter({ hasText: 'Coefficients:' });
  await coefficients.scrollIntoViewIfNeeded();
  await coefficients.getByRole('heading', { name: /weighs most: [−+]/ }).waitFor();
  await coefficients.locator('svg').first().waitFor();
  await coefficients.getByText('Table', { exact: true }).click();
  await coefficients.getByRole('cell', { name: 'Intercept' }).first().waitFor();
});

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
});
