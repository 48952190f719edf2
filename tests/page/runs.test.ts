/** Every training is a run: kept over a reload, found, compared, registered, promoted, taken along. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { shownRun } from './support/command.js';
import { type Site, startSite } from './support/site.js';
import {
  awaitResult,
  backToTrain,
  blobs,
  dropFile,
  goToTrain,
  loadSample,
  startTraining,
  until,
} from './support/steps.js';

let site: Site;
let page: Page;
let context: BrowserContext;

before(async () => {
  site = await startSite();
  ({ page, context } = await site.open());
});
after(() => site?.close());

const rows = (of = page) => of.getByRole('table', { name: 'Runs' }).locator('tbody tr');
const status = (row: number) => rows().nth(row).locator('td').nth(1);
const go = (name: 'Runs' | 'Models') => page.getByRole('link', { name, exact: true }).click();

async function train(trees: number): Promise<void> {
  await page.getByLabel('Trees', { exact: true }).fill(String(trees));
  await startTraining(page);
  await awaitResult(page);
}

async function filter(text: string): Promise<void> {
  await page.getByLabel('Filter', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
}

test('nothing of the workspace is loaded before the first training', async () => {
  // Without a service worker, which would fetch all files to have them offline.
  const { page: first, context: apart } = await site.open({ serviceWorkers: 'block' });
  const files: string[] = [];
  apart.on('request', (request) => files.push(request.url()));
  await first.reload();
  await loadSample(first, 'Penguins');
  await goToTrain(first);
  assert.ok(!files.some((file) => /track/.test(file)));
  await startTraining(first);
  await awaitResult(first);
  assert.ok(files.some((file) => file.includes('hedgerow_track')));
  await apart.close();
});

test('a training is a run, with its parameters, scores on the test rows and model', async () => {
  await loadSample(page, 'Penguins');
  await goToTrain(page);
  await train(20);
  await page.getByRole('link', { name: 'Its run' }).click();
  await page.getByRole('heading', { level: 1, name: 'random-forest' }).waitFor();
  await page.getByText('Finished').waitFor();
  const parameters = page.getByRole('region', { name: 'Parameters' }).first();
  await parameters.getByRole('row', { name: 'n_estimators 20' }).waitFor();
  await page
    .getByRole('region', { name: 'Metrics' })
    .first()
    .getByRole('row', { name: /^Accuracy 0\.\d{3}$/ })
    .waitFor();
  await page.getByText('penguins.csv for training').waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download model.safetensors' }).click();
  assert.ok((await readFile(await (await coming).path())).length > 1000);
});

test('a note is kept', async () => {
  await page.getByLabel('Note').fill('the first one');
  await page.getByLabel('Note').press('Tab');
  await page.getByText('Saved').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'random-forest' }).waitFor();
  assert.equal(await page.getByLabel('Note').inputValue(), 'the first one');
});

test('it is there after a reload, and in another tab', async () => {
  await go('Runs');
  await rows().first().waitFor();
  assert.equal(await rows().count(), 1);
  const other = await context.newPage();
  await other.goto(`${site.url}#/runs`);
  await rows(other).first().waitFor();
  await other.close();
  await page.reload();
  await rows().first().waitFor();
});

test('more trainings are more rows, sorted by a click on a head', async () => {
  for (const trees of [3, 40]) {
    await backToTrain(page);
    await train(trees);
  }
  await go('Runs');
  await until(async () => (await rows().count()) === 3);
  const head = page.getByRole('columnheader', { name: 'Accuracy' }).first();
  await head.getByRole('button').click();
  await until(async () => (await head.getAttribute('aria-sort')) === 'descending');
  const place = (await page.getByRole('columnheader').allTextContents()).findIndex((text) =>
    /^Accuracy/.test(text.trim()),
  );
  const scores = async () =>
    (
      await rows()
        .locator(`:nth-child(${place + 2})`)
        .allTextContents()
    )
      .map(Number)
      .filter((value) => !Number.isNaN(value));
  await until(async () => {
    const found = await scores();
    return (
      found.length === 3 && found.every((value, index) => index === 0 || value <= (found[index - 1] ?? 0))
    );
  });
});

test('a filter finds runs; what is wrong with one is said at its place', async () => {
  await filter("params.n_estimators = '3'");
  await until(async () => (await rows().count()) === 1);
  await filter('metrics.accuracy > high');
  await page.getByText('a number or a text in quotes is expected').waitFor();
  assert.equal(await page.locator('mark').textContent(), 'high');
  assert.equal(await page.getByLabel('Filter', { exact: true }).getAttribute('aria-invalid'), 'true');
  await filter("status = 'FAILED'");
  await page.getByText('No run matches.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await until(async () => (await rows().count()) === 3);
});

test('columns can be chosen, and the choice is kept', async () => {
  await page.getByText('Columns', { exact: true }).click();
  await page.getByLabel('n_estimators').check();
  await page.getByRole('columnheader', { name: 'n_estimators' }).waitFor();
  await page.reload();
  await page.getByRole('columnheader', { name: 'n_estimators' }).waitFor();
});

test('two runs are compared: what differs, and which is better', async () => {
  await rows().nth(0).getByRole('checkbox').check();
  await rows().nth(1).getByRole('checkbox').check();
  await page.getByRole('link', { name: 'Compare 2 runs' }).click();
  await page.getByRole('heading', { level: 1, name: '2 runs side by side' }).waitFor();
  const differing = page.getByRole('region', { name: 'Parameters of the runs' }).locator('tbody tr');
  await differing.first().waitFor();
  assert.deepEqual(await differing.locator('th').allTextContents(), ['n_estimators']);
  const parallel = page.getByRole('figure').filter({ hasText: 'Each line is a run' });
  await parallel.scrollIntoViewIfNeeded();
  await parallel.locator('svg').first().waitFor();
});

test('the audit log has the name that one gives', async () => {
  await go('Runs');
  await page.getByLabel('Your name in the audit log').fill('Zoë');
  await page.getByLabel('Your name in the audit log').press('Tab');
  await page.getByText('has this name from now on').waitFor();
});

test('a model is registered in one click, promoted with a reason and rolled back', async () => {
  await go('Runs');
  for (const row of [0, 1]) {
    await rows().nth(row).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('link', { name: `species/${row + 1}`, exact: true }).waitFor();
    await go('Runs');
    await rows().first().waitFor();
  }
  await go('Models');
  await page.getByRole('link', { name: 'species', exact: true }).click();
  const versions = page.getByRole('region', { name: 'Versions' });
  for (const version of [1, 2]) {
    await versions.getByRole('button', { name: `Promote version ${version}` }).click();
    const promote = page.getByRole('button', { name: 'Promote', exact: true });
    assert.ok(await promote.isDisabled());
    await page.getByLabel('because').fill(`reason ${version}`);
    await promote.click();
    await versions.getByRole('row', { name: new RegExp(`species/${version} champion`) }).waitFor();
    // Before the first version there was none to go back to.
    const back = page.getByRole('button', { name: 'Roll champion back…' });
    await until(async () => (await back.count()) === version - 1);
  }
  await page.getByRole('button', { name: 'Roll champion back…' }).click();
  await page.getByLabel('Why').fill('it was worse');
  await page.getByRole('button', { name: 'Roll back', exact: true }).click();
  await versions.getByRole('row', { name: /species\/1 champion/ }).waitFor();
  await page.getByRole('button', { name: 'Roll champion back…' }).waitFor({ state: 'detached' });
});

test('the audit log has the reasons, and is verified', async () => {
  const audit = page.getByRole('region', { name: 'Audit log' });
  for (const reason of ['reason 1', 'reason 2', 'it was worse']) {
    await audit.getByRole('row', { name: `${reason} Zoë` }).waitFor();
  }
  await audit.getByRole('cell', { name: 'champion back to version 1' }).waitFor();
  await audit.getByRole('button', { name: 'Verify' }).click();
  await audit.getByText('Nothing was changed afterwards').waitFor();
});

test('two versions stand side by side, and where they came from is drawn and told', async () => {
  const compared = page.getByRole('region', { name: 'Two versions side by side' });
  await compared.getByRole('row', { name: /^Size/ }).waitFor();
  await compared.getByRole('row', { name: /^n_estimators/ }).waitFor();
  const lineage = page.getByRole('figure').filter({ hasText: 'Where its versions came from' });
  await lineage.getByRole('link', { name: 'Version species/1' }).waitFor();
  await lineage.getByText('Table', { exact: true }).click();
  await lineage.getByRole('row', { name: 'Version species/1 run random-forest' }).waitFor();
});

test('an export of a registered model is noted with its version', async () => {
  await go('Runs');
  await rows().first().getByRole('link').first().click();
  await page.getByRole('button', { name: 'Open model' }).click();
  await awaitResult(page);
  await page.getByText('kept back from training').waitFor();
  await page.getByRole('link', { name: 'Deploy', exact: true }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download species-/ }).click();
  await coming;
  await go('Models');
  await page.getByRole('link', { name: 'species', exact: true }).click();
  await page.getByRole('region', { name: 'Versions' }).getByText('wasm').first().waitFor();
});

let downloaded: Buffer;

test('the workspace is downloaded as a SQLite file', async () => {
  await go('Runs');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download hedgerow.sqlite' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'hedgerow.sqlite');
  downloaded = await readFile(await download.path());
  assert.equal(downloaded.subarray(0, 16).toString('latin1'), 'SQLite format 3\0');
});

test('another browser brings it in; what is no workspace is refused', async () => {
  const { page: other, context: apart } = await site.open();
  await other.goto(`${site.url}#/runs`);
  await other.getByText('There is none yet').waitFor();
  const pick = other.getByLabel('Import a workspace');
  await pick.setInputFiles({
    name: 'no.sqlite',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('no workspace'),
  });
  await other.getByText('not_a_workspace').waitFor();
  await pick.setInputFiles({
    name: 'hedgerow.sqlite',
    mimeType: 'application/octet-stream',
    buffer: downloaded,
  });
  await other.getByText(/^3 runs, 1 data set, 2 model versions imported/).waitFor();
  await until(async () => (await rows(other).count()) === 3);
  await apart.close();
});

test('a run is deleted with a reason', async () => {
  await rows().nth(2).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  assert.ok(await page.getByRole('button', { name: 'Delete run' }).isDisabled());
  await page.getByLabel('Why').fill('a mistake');
  await page.getByRole('button', { name: 'Delete run' }).click();
  await until(async () => (await rows().count()) === 2);
});

test('a comparison is a run with a part for each learner', async () => {
  await backToTrain(page);
  await page.getByRole('link', { name: 'Compare' }).click();
  const learners = page.getByRole('group', { name: 'Learners' }).getByRole('checkbox');
  await learners.first().waitFor();
  for (let index = 2; index < (await learners.count()); index += 1) await learners.nth(index).uncheck();
  await page.getByLabel('Folds').fill('2');
  await page.getByLabel('Folds').press('Tab');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('heading', { name: /^Done in/ }).waitFor({ timeout: 120_000 });
  await go('Runs');
  await until(async () => (await rows().count()) === 3);
  await page.getByRole('link', { name: 'comparison', exact: true }).click();
  await page.getByRole('heading', { name: '3 child runs' }).waitFor();
  await page.getByRole('rowheader', { name: 'random-forest' }).waitFor();
});

test('a learning curve is a run with its scores by the rows trained on', async () => {
  await backToTrain(page);
  await page.getByRole('link', { name: 'More rows?' }).click();
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await page.getByRole('heading', { name: /^Done in/ }).waitFor({ timeout: 120_000 });
  await page.getByRole('link', { name: 'See it among the runs' }).click();
  await page.getByRole('link', { name: 'learning curve', exact: true }).click();
  const figure = page.getByRole('figure').filter({ hasText: 'by rows trained on' });
  await figure.getByRole('heading', { name: /^Validation accuracy is 0\.\d{3} after \d+ rows$/ }).waitFor();
  await figure.getByText('Table', { exact: true }).click();
  await until(async () => (await figure.locator('tbody tr').count()) === 5);
});

test('the command line does the studies of the page again, and finds the same scores', async () => {
  await page.getByRole('link', { name: 'All runs' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download hedgerow.sqlite' }).click();
  const kept = { 'hedgerow.sqlite': await (await coming).path() };
  for (const study of ['learning curve', 'comparison']) {
    await page.getByRole('link', { name: study, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: study }).waitFor();
    const said = await shownRun(page, 'penguins.csv', '', kept);
    assert.match(said, /the study was done again, and gave the same \d scores/);
    await page.getByRole('link', { name: 'All runs' }).click();
  }
});

test('a training that goes on is a row that moves; cancelled, it says so', async () => {
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await dropFile(page, 'blobs.csv', blobs(40_000));
  await page.getByRole('heading', { level: 1, name: 'blobs.csv' }).waitFor();
  await goToTrain(page);
  await page.getByLabel('Predict', { exact: true }).selectOption('class');
  await page.getByLabel('Trees', { exact: true }).fill('10000');
  await startTraining(page);
  await page.getByText(/^[1-9][\d,]* of 10,000$/).waitFor();
  await go('Runs');
  await until(async () => (await status(0).textContent())?.trim() === 'Running');
  const live = () => rows().first().textContent();
  const before = await live();
  await until(async () => (await live()) !== before);
  await page.getByRole('link', { name: /^Train \d/ }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await go('Runs');
  await until(async () => (await status(0).textContent())?.trim() === 'Cancelled');
  // Of two tables there are two experiments.
  const experiments = page.getByRole('combobox', { name: 'Experiment' });
  await until(async () => /blobs \(1\)/.test((await experiments.textContent()) ?? ''));
  await experiments.selectOption('blobs');
  await until(async () => (await rows().count()) === 1);
});

test('nothing was complained of, and nothing left the page', () => {
  assert.deepEqual(site.problems, []);
  assert.deepEqual(site.foreign, []);
});
