/** The main job: a CSV becomes a trained, evaluated, saved model, and predicts. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Download, Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, dropFile, goToTrain, headlineScore, sample, startTraining } from './support/steps.js';

let site: Site;
let page: Page;
let folder: string;
let modelFile: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-page-'));
  site = await startSite();
  ({ page } = await site.open());
});
after(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

async function saved(download: Promise<Download>): Promise<string> {
  const file = await download;
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

test('a dropped CSV shows its columns and rows', async () => {
  await dropFile(page, 'penguins.csv', await readFile(sample('penguins.csv')));
  await page.getByRole('heading', { level: 1, name: 'penguins.csv' }).waitFor();
  await page.getByText('344 rows × 8 columns').waitFor();
  const rows = page.getByRole('table', { name: 'Rows of penguins.csv' });
  await rows.getByRole('cell', { name: '39.1', exact: true }).first().waitFor();
  assert.equal(await page.getByLabel('Type of bill_length_mm').inputValue(), 'number');
});

test('it trains with the defaults and shows the score against the baseline', async () => {
  await goToTrain(page);
  assert.equal(await page.getByLabel('Predict', { exact: true }).inputValue(), 'species');
  await startTraining(page);
  await awaitResult(page);
  assert.ok((await headlineScore(page)) > 0.9);
  const score = page.getByRole('region', { name: 'Score' });
  await score.getByText('by always guessing Adelie').waitFor();
  await score.getByText('On 69 rows kept back from training').waitFor();
});

test('the pictures are drawn, each with a finding and a table', async () => {
  for (const about of ['Rows by actual class', 'ROC curve', 'Precision against recall', 'Calibration']) {
    const figure = page.getByRole('figure').filter({ hasText: about });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('svg').first().waitFor();
    await figure.getByText('Table', { exact: true }).click();
    await figure.getByRole('columnheader').first().waitFor();
  }
  const permutation = page.getByRole('figure').filter({ hasText: 'Permutation importance' });
  await permutation.scrollIntoViewIfNeeded();
  await permutation.locator('svg').first().waitFor({ timeout: 60_000 });
});

test('the prediction of a row moves with its fields', async () => {
  await page.getByRole('link', { name: 'Predict', exact: true }).click();
  const prediction = page.getByRole('region', { name: 'Prediction' });
  const length = page.getByRole('spinbutton', { name: 'bill_length_mm' });
  await page.getByRole('combobox', { name: 'island' }).selectOption('Torgersen');
  await length.fill('36');
  await page.getByRole('spinbutton', { name: 'flipper_length_mm' }).fill('180');
  await prediction.locator('.value', { hasText: 'Adelie' }).waitFor();
  await page.getByRole('combobox', { name: 'island' }).selectOption('Biscoe');
  await length.fill('50');
  await page.getByRole('spinbutton', { name: 'bill_depth_mm' }).fill('14');
  await page.getByRole('spinbutton', { name: 'flipper_length_mm' }).fill('225');
  await prediction.locator('.value', { hasText: 'Gentoo' }).waitFor();
});

test('a whole file is predicted, with a probability for each class', async () => {
  const [header, ...lines] = (await readFile(sample('penguins.csv'), 'utf8')).trim().split('\n');
  const unlabelled = [header, ...lines.slice(0, 20)]
    .map((line) => line?.slice(line.indexOf(',') + 1))
    .join('\n');
  const file = join(folder, 'new.csv');
  await writeFile(file, unlabelled);
  await page.getByLabel('Pick a CSV to predict').setInputFiles(file);
  const button = page.getByRole('button', { name: 'Download 20 predictions' });
  await button.waitFor();
  const download = page.waitForEvent('download');
  await button.click();
  const predicted = (await readFile(await saved(download), 'utf8')).trim().split('\n');
  assert.equal(predicted[0], 'species,probability.Adelie,probability.Chinstrap,probability.Gentoo');
  assert.equal(predicted.length, 21);
  assert.match(predicted[1] ?? '', /^Adelie,/);
});

test('the model is downloaded under the name of its target and hash', async () => {
  await page.getByRole('link', { name: 'Model file' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download species-/ }).click();
  modelFile = await saved(download);
  assert.match(modelFile, /species-[0-9a-f]{8}\.safetensors$/);
});

test('another page opens the model file, evaluates it on its table and predicts', async () => {
  const { page: other } = await site.open();
  await dropFile(other, 'penguins.csv', await readFile(sample('penguins.csv')));
  await other.getByRole('heading', { level: 1, name: 'penguins.csv' }).waitFor();
  await other.getByRole('link', { name: 'Result' }).click();
  await other.getByLabel('Open a model file').setInputFiles(modelFile);
  await awaitResult(other);
  await other.getByRole('button', { name: 'Evaluate on 344 rows' }).click();
  await other.getByText('of the loaded table').waitFor();
  assert.ok((await headlineScore(other)) > 0.95);
  await other.getByRole('link', { name: 'Predict', exact: true }).click();
  await other.getByRole('button', { name: 'Take one from the table' }).click();
  await other.getByRole('region', { name: 'Prediction' }).locator('.value').waitFor();
});

test('as code: every view says what it did', async () => {
  const code = page.locator('details', { hasText: 'As code' }).locator('pre');
  const shown = async () => {
    await page.getByText('As code').click();
    return (await code.textContent()) ?? '';
  };
  assert.match(await shown(), /Model\.load/);
  await page.getByRole('link', { name: 'Evaluation' }).click();
  assert.match(await shown(), /table\.split\(\{ testSize: 0\.2, seed: 42, stratify: 'species' \}\)/);
  await page.getByRole('button', { name: 'Command line' }).click();
  assert.match((await code.textContent()) ?? '', /^hedgerow train penguins\.csv --target species/);
});

test('no request went to another host, and nothing was complained of', () => {
  assert.deepEqual(site.foreign, []);
  assert.deepEqual(site.problems, []);
});
