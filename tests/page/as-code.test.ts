/** "As code" means what was clicked: the command line that the page shows makes the page's model, byte for byte. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, goToTrain, loadSample, sample, startTraining } from './support/steps.js';

const run = promisify(execFile);
const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

let site: Site;
let folder: string;

before(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-as-code-'));
  await copyFile(sample('penguins.csv'), join(folder, 'penguins.csv'));
});
after(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command that the page shows; the hash of the model that it makes. */
async function runShown(page: Page): Promise<string> {
  return (await shownRun(page, 'hedgerow --json inspect penguins.safetensors')).stdout;
}

/** Runs the command that the page shows, and another after it. */
async function shownRun(page: Page, then = ''): Promise<{ stdout: string }> {
  await page.getByText('As code').click();
  await page.getByRole('button', { name: 'Command line' }).click();
  const command = await page.locator('details', { hasText: 'As code' }).locator('pre').textContent();
  const script = `hedgerow() { "$HEDGEROW" "$@"; }\n${command}\n${then}`;
  return run('sh', ['-c', script], { cwd: folder, env: { ...process.env, HEDGEROW: cli } });
}

async function shownHash(page: Page): Promise<string> {
  return (await page.locator('main header code').getAttribute('title')) ?? 'no hash';
}

test('with the defaults', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await goToTrain(page);
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await runShown(page)).includes(await shownHash(page)));
  await context.close();
});

test('of another learner, with a list of numbers', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await goToTrain(page);
  await page.getByRole('group', { name: 'Learner' }).getByText('Neural network', { exact: true }).click();
  await page.getByLabel('Hidden layers').fill('16, 8');
  await page.getByLabel('Epochs at most').fill('20');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await runShown(page)).includes(await shownHash(page)));
  await context.close();
});

test('of a tuning: the model of all rows with the best parameters', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await goToTrain(page);
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
  const shown = await runShown(page);
  await page.getByRole('button', { name: 'See the model of all rows' }).click();
  await awaitResult(page);
  assert.ok(shown.includes(await shownHash(page)));
  await context.close();
});

test('of a comparison: the command runs', async () => {
  const { page, context } = await site.open();
  await loadSample(page, 'Penguins');
  await goToTrain(page);
  await page.getByLabel('Trees', { exact: true }).fill('5');
  await page.getByRole('link', { name: 'Compare' }).click();
  const learners = page.getByRole('group', { name: 'Learners' }).getByRole('checkbox');
  for (let index = 2; index < (await learners.count()); index += 1) await learners.nth(index).uncheck();
  const { stdout } = await shownRun(page);
  assert.match(stdout, /baseline/);
  await context.close();
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
  assert.ok((await runShown(page)).includes(await shownHash(page)));
  await context.close();
});
