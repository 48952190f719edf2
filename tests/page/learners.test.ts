/** Every learner, from the form that its declaration makes to its result. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, backToTrain, headlineScore, openInTrain, startTraining } from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Penguins');
});
after(() => site?.close());

const picker = () => page.getByRole('group', { name: 'Learner' });
const train = () => page.getByRole('button', { name: 'Train', exact: true });

async function toTrain(): Promise<void> {
  await backToTrain(page);
  await train().waitFor();
}

/** What the picker offers for the chosen target. */
async function offered(): Promise<string[]> {
  await picker().getByRole('radio').first().waitFor({ state: 'attached' });
  return (await picker().locator('label').allTextContents()).map((text) => text.trim());
}

test('a value out of range is told at its field, with the range, and nothing trains', async () => {
  await page.getByLabel('Trees', { exact: true }).fill('0');
  const told = 'Trees is a whole number from 1 to 10,000.';
  await page.getByRole('region', { name: 'Random forest' }).getByText(told).waitFor();
  assert.equal(await train().isDisabled(), true);
  await page.getByRole('button', { name: 'Back to the defaults' }).click();
  assert.equal(await page.getByLabel('Trees', { exact: true }).inputValue(), '100');
  assert.equal(await train().isDisabled(), false);
});

test('words, numbers and weights by class are chosen in the form, and stand in the code', async () => {
  await page.getByText('more parameters').click();
  await page.getByLabel('Features a split looks at', { exact: true }).selectOption('a number');
  await page.getByLabel('Features a split looks at, a number').fill('0.4');
  await page.getByLabel('Class weights').selectOption('weights by label');
  await page.getByLabel('Chinstrap').fill('2');
  await page.getByLabel('Chinstrap').press('Tab');
  await page.getByLabel('Trees', { exact: true }).fill('20');
  await page.getByText('As code').click();
  await page.getByText('maxFeatures: 0.4, classWeight: { Chinstrap: 2 }').waitFor();
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await headlineScore(page)) > 0.9);
});

for (const [target, what] of [
  ['species', 'classes'],
  ['body_mass_g', 'a number'],
] as const) {
  test(`every learner of ${what} trains with its defaults and beats guessing`, async (context) => {
    await toTrain();
    await page.getByLabel('Predict', { exact: true }).selectOption(target);
    const drop = page.getByRole('button', { name: 'Drop those rows' });
    if (await drop.isVisible()) await drop.click();
    for (const label of await offered()) {
      await toTrain();
      await picker().getByText(label, { exact: true }).click();
      await page.getByRole('heading', { level: 2, name: label, exact: true }).waitFor();
      await startTraining(page);
      await awaitResult(page);
      await page.locator('main header').getByText(label).waitFor();
      const score = await headlineScore(page);
      context.diagnostic(`${label}: ${score}`);
      assert.ok(score > (target === 'species' ? 0.6 : 0.3), `${label}: ${score}`);
    }
  });
}

test('nothing was complained of', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
