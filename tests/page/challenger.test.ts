/** Challengers of registered models: rows are read as their runs read them, and only the judged champion is replaced. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { cli } from './support/command.js';
import { flights } from './support/flights.js';
import { checked, downloaded, drop, go, run } from './support/monitoring.js';
import { type Site, startSite } from './support/site.js';

let site: Site;
let page: Page;
let folder: string;

/** Winds that are not known are `calm` here, and rows with them were left out. */
const calm = (text: string) => text.replace(/^(\d+,\w+,\d+),,/gm, '$1,calm,');
const old = calm(flights(2000, 0));
const later = calm(flights(1500, 2, 9));

async function hedgerow<Found>(...args: string[]): Promise<Found> {
  return JSON.parse((await run(cli, ['--json', ...args], { cwd: folder })).stdout);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-challenger-'));
  await writeFile(join(folder, 'old.csv'), old);
  await writeFile(join(folder, 'later.csv'), later);
  const reading = ['--missing', 'calm', '--drop-missing-in', 'wind'];
  const training = ['--target', 'late', '--set', 'n_estimators=5', '--out', 'm.safetensors'];
  const made = await hedgerow<{ run: string }>('train', 'old.csv', ...training, ...reading);
  await run(cli, ['register', made.run, '--name', 'late'], { cwd: folder });
  await run(cli, ['promote', 'late/1', '--reason', 'the first'], { cwd: folder });
  site = await startSite();
  ({ page } = await site.open());
});
after(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

const retrain = () => page.getByRole('region', { name: 'Retrain' });
const watched = () => page.getByRole('region', { name: 'The watched model' });

/** Watches the registered version with new rows, and trains a challenger on them. */
async function challenge(): Promise<void> {
  await retrain().getByRole('button', { name: 'Train a challenger' }).click();
  await retrain()
    .getByRole('heading', { name: /the (challenger|champion)$/ })
    .waitFor({ timeout: 60_000 });
}

test('new rows are read as the run of the champion read its rows, so the challenger is the same', async () => {
  await page.goto(`${site.url}#/runs`);
  await page.getByLabel('Import a workspace').setInputFiles(join(folder, 'hedgerow.sqlite'));
  await page.getByText('imported from hedgerow.sqlite').waitFor();
  await go(page, 'Monitor');
  await page.getByLabel('Watch a registered version').selectOption('late/1');
  await watched().getByRole('status').getByText('late/1').waitFor();
  await drop(page, [{ name: 'later.csv', text: later }]);
  const expected = await checked(folder, 'm.safetensors', 'later.csv', '--missing', 'calm');
  const [accuracy] = expected.performance.metrics;
  await page.getByRole('heading', { name: `Accuracy is ${accuracy?.value.toFixed(3)};` }).waitFor();
  await page.getByText(`${expected.drifted} of ${expected.tested} features drifted`).first().waitFor();
  await challenge();
  const told = await hedgerow<{ verdict: { reason: string; rows: number } }>(
    ...['retrain', 'late/1', 'later.csv', '--force', '--no-track', '--out', 'challenger.safetensors'],
  );
  await retrain().getByText(told.verdict.reason).waitFor();
  const known = later.split('\n').filter((line) => /^\d/.test(line) && !line.includes('calm')).length;
  const trained = (known - told.verdict.rows).toLocaleString('en');
  await retrain().getByText(`Trained on ${trained} rows, judged on ${told.verdict.rows} rows`).waitFor();
  const name = await downloaded(page, folder, 'Download', retrain());
  assert.deepEqual(
    await readFile(join(folder, name)),
    await readFile(join(folder, 'challenger.safetensors')),
  );
});

test('a challenger becomes the champion with what is said of it, and no second one does after it', async () => {
  await retrain().getByRole('button', { name: 'Make it the champion' }).click();
  await retrain().getByText('Registered as late/2, and the champion now.').waitFor();
  await challenge();
  await retrain().getByRole('button', { name: 'Make it the champion' }).click();
  await retrain().getByText('late@champion is not late/1 any more').waitFor();
  await retrain().getByText('champion_moved').waitFor();
  await retrain().getByText('Registered as late/3.').waitFor();
  const file = page.waitForEvent('download');
  await go(page, 'Runs');
  await page.getByRole('button', { name: 'Download hedgerow.sqlite' }).click();
  await (await file).saveAs(join(folder, 'page.sqlite'));
  interface Told {
    model: { aliases: object[]; versions: { description: string; tags: Record<string, string> }[] };
  }
  const { model } = await hedgerow<Told>('models', 'late', '--track', 'page.sqlite');
  assert.deepEqual(model.aliases, [{ alias: 'champion', version: 2 }]);
  const [third] = model.versions;
  assert.match(third?.description ?? '', /^Retrained from late\/1\. The challenger is /);
  assert.equal(third?.tags['hedgerow.retrain.champion'], 'late/1');
});

test('the page complained of nothing', () => {
  assert.deepEqual([site.problems, site.foreign], [[], []]);
});
