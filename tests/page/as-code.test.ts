/** "As code" means what was clicked: the command line that the page shows makes the page's model, byte for byte. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runShown, shownHash, shownRun } from './support/command.js';
import { type Site, startSite } from './support/site.js';
import { awaitResult, goToTrain, loadSample, openInTrain, startTraining } from './support/steps.js';

const DATA = 'penguins.csv';
let site: Site;

before(async () => {
  site = await startSite();
});
after(() => site?.close());

test('with the defaults', async () => {
  const page = await openInTrain(site, 'Penguins');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await runShown(page, DATA)).includes(await shownHash(page)));
  await page.context().close();
});

test('of another learner, with a list of numbers', async () => {
  const page = await openInTrain(site, 'Penguins');
  await page.getByRole('group', { name: 'Learner' }).getByText('Neural network', { exact: true }).click();
  await page.getByLabel('Hidden layers').fill('16, 8');
  await page.getByLabel('Epochs at most').fill('20');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await runShown(page, DATA)).includes(await shownHash(page)));
  await page.context().close();
});

test('of a tuning: the model of all rows with the best parameters', async () => {
  const page = await openInTrain(site, 'Penguins');
  await page.getByRole('link', { name: 'Tune' }).click();
  for (const [label, value] of [
    ['Trials at most', '4'],
    ['Folds', '2'],
  ] as const) {
    await page.getByLabel(label).fill(value);
    await page.getByLabel(label).press('Tab');
  }
  await page.getByRole('button', { name: 'Tune', exact: true }).click();
  await page.getByRole('button', { name: 'See the model of all rows' }).waitFor({ timeout: 120_000 });
  const shown = await runShown(page, DATA);
  await page.getByRole('button', { name: 'See the model of all rows' }).click();
  await awaitResult(page);
  assert.ok(shown.includes(await shownHash(page)));
  await page.context().close();
});

test('of a run: the command does it again from the downloaded workspace, to the same bytes', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await page.getByLabel('Type of year').selectOption('category');
  await goToTrain(page);
  await page.getByLabel('Trees', { exact: true }).fill('20');
  await startTraining(page);
  await awaitResult(page);
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download hedgerow.sqlite' }).click();
  const files = { 'hedgerow.sqlite': await (await coming).path() };
  assert.match(await shownRun(page, DATA, '', files), /random-forest/);
  await page.getByRole('link', { name: 'random-forest', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'random-forest' }).waitFor();
  assert.match(await shownRun(page, DATA, '', files), /the same model, to the byte/);
  await context.close();
});

test('of a comparison: the command runs', async () => {
  const page = await openInTrain(site, 'Penguins');
  await page.getByLabel('Trees', { exact: true }).fill('5');
  await page.getByRole('link', { name: 'Compare' }).click();
  const learners = page.getByRole('group', { name: 'Learners' }).getByRole('checkbox');
  for (let index = 2; index < (await learners.count()); index += 1) await learners.nth(index).uncheck();
  assert.match(await shownRun(page, DATA), /baseline/);
  await page.context().close();
});

test('with a changed type, dropped rows, chosen features and parameters', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await page.getByLabel('Type of year').selectOption('category');
  await goToTrain(page);
  await page.getByLabel('Predict', { exact: true }).selectOption('sex');
  await page.getByRole('button', { name: 'Drop those rows' }).click();
  await page.getByText('Learn from 266, test on 67 rows.').waitFor();
  await page.getByLabel('island').uncheck();
  await page.getByLabel('Trees', { exact: true }).fill('20');
  await page.getByLabel('Greatest depth').fill('4');
  await page.getByText('more parameters').click();
  await page.getByLabel('Class weights').selectOption('balanced');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await runShown(page, DATA)).includes(await shownHash(page)));
  await context.close();
});
