/** Probabilities calibrated and a threshold chosen: from the form over the training to the result and its code. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { runShown, shownHash } from './support/command.js';
import { type Site, startSite } from './support/site.js';
import {
  awaitResult,
  backToTrain,
  blobs,
  dropFile,
  goToTrain,
  openInTrain,
  startTraining,
} from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Credit');
  await page.getByLabel('Trees', { exact: true }).fill('20');
});
after(() => site?.close());

const calibrate = () => page.getByLabel('Calibrate probabilities');
const threshold = () => page.getByLabel('Decision threshold');
const trainButton = () => page.getByRole('button', { name: 'Train', exact: true });
const unfold = () => page.getByText('Calibration and threshold').first().click();

test('nothing is adjusted unless it is asked for', async () => {
  await page.getByText('As code').click();
  await page.getByText('seed: 42,\n  profile: { heldOut: test },\n});').waitFor();
  assert.equal(await calibrate().isVisible(), false);
  await unfold();
  assert.equal(await calibrate().inputValue(), '');
  assert.equal(await threshold().inputValue(), '');
});

test('costs are asked for by what the errors are, and must be numbers', async () => {
  await threshold().selectOption('the least cost of errors');
  await page.getByText('good is predicted, and it is bad.').waitFor();
  await page.getByLabel('Cost of a miss').fill('much');
  assert.equal(await page.getByLabel('Cost of a miss').getAttribute('aria-invalid'), 'true');
  assert.equal(await trainButton().isDisabled(), true);
  await page.getByLabel('Cost of a miss').fill('1');
  await page.getByLabel('Cost of a false alarm').fill('4');
  assert.equal(await trainButton().isDisabled(), false);
});

test('the result says which calibration and which threshold, and what it was chosen for', async () => {
  await calibrate().selectOption('isotonic regression');
  await page.getByText('Calibration and threshold: isotonic; the least cost of errors').waitFor();
  // Enough of them that the folds take their time.
  await page.getByLabel('Trees', { exact: true }).fill('400');
  await startTraining(page);
  const live = page.getByRole('region', { name: 'Training' });
  await live.getByRole('heading', { name: 'Calibrating' }).waitFor({ timeout: 60_000 });
  await live.getByText(/^[0-5] of 5$/).waitFor();
  await awaitResult(page);
  await page.getByText('Probabilities calibrated by isotonic regression').waitFor();
  const decides = page.getByText(/^Predicts good from [\d.]+\s% on, for the least cost of errors/);
  const [, percent] = /from ([\d.]+)/.exec((await decides.textContent()) ?? '') ?? [];
  assert.ok(Number(percent) > 50, `good costs more than bad, so it takes more than ${percent} %`);
});

test('it stands after a reload, and what was chosen too', async () => {
  await page.reload();
  await page.getByText(/^Predicts good from .* for the least cost of errors/).waitFor();
  await backToTrain(page);
  await unfold();
  assert.equal(await calibrate().inputValue(), 'isotonic');
  assert.equal(await page.getByLabel('Cost of a false alarm').inputValue(), '4');
});

test('the command line that is shown makes the same model, byte for byte', async () => {
  await calibrate().selectOption('sigmoid');
  await page.getByLabel('Trees', { exact: true }).fill('20');
  await startTraining(page);
  await awaitResult(page);
  await page.getByText('Probabilities calibrated by sigmoid').waitFor();
  assert.ok((await runShown(page, 'credit.csv')).includes(await shownHash(page)));
});

test('a threshold that cannot be had is told where it was asked for', async () => {
  ({ page } = await site.open());
  await dropFile(page, 'blobs.csv', blobs(200));
  await page.getByRole('heading', { level: 1, name: 'blobs.csv' }).waitFor();
  await goToTrain(page);
  await page.getByLabel('Predict', { exact: true }).selectOption('class');
  for (const feature of ['a', 'b', 'c'])
    await page.getByRole('checkbox', { name: `${feature} number` }).uncheck();
  await unfold();
  await threshold().selectOption('the best recall at a precision');
  await page.getByLabel('Precision at least').fill('1');
  await startTraining(page);
  const group = page.getByRole('group', { name: 'Calibration and threshold' });
  await group.getByRole('alert').getByText('ask for less').waitFor({ timeout: 60_000 });
});

test('where there is nothing to adjust, the form says why and the training goes without', async () => {
  page = await openInTrain(site, 'Penguins');
  await page.getByLabel('Predict', { exact: true }).selectOption('species');
  await unfold();
  await page.getByText('One threshold decides between two classes; here are 3.').waitFor();
  assert.equal(await threshold().isDisabled(), true);
  assert.equal(await calibrate().isDisabled(), false);
  await page.getByLabel('Predict', { exact: true }).selectOption('body_mass_g');
  await page.getByText('A number is predicted, which has no probabilities.').waitFor();
  assert.equal(await calibrate().isDisabled(), true);
  await page.getByLabel('Predict', { exact: true }).selectOption('nothing: find anomalies');
  await page.getByText('The score of an anomaly is no probability').waitFor();
  assert.equal(await threshold().isDisabled(), true);
  await page.getByText('As code').click();
  assert.doesNotMatch((await page.locator('pre').first().textContent()) ?? '', /threshold/);
});

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
