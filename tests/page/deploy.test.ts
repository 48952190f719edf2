/** From a trained model to what serves it: pick a target, see what comes out, try it, download it. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { createHandler, Scorer } from 'hedgerow/edge';
import type { Page } from 'playwright-core';
import { cli } from './support/command.js';
import { run, downloaded as saved } from './support/monitoring.js';
import { type Site, startSite } from './support/site.js';
import { awaitResult, backToTrain, openInTrain, startTraining, until } from './support/steps.js';

let site: Site;
let page: Page;

before(async () => {
  site = await startSite();
  page = await openInTrain(site, 'Penguins');
  await page.getByLabel('Trees', { exact: true }).fill('20');
  await startTraining(page);
  await awaitResult(page);
  await page.getByRole('link', { name: 'Deploy' }).click();
  await page.getByRole('region', { name: 'The export' }).getByText('Cold start').waitFor();
});
after(() => site?.close());

const files = () => page.getByRole('region', { name: /^\d+ files$/ });
const prediction = () => page.getByRole('region', { name: 'Prediction' }).locator('.value');

/** Downloads what is chosen; its files. */
async function downloaded(fileName: string): Promise<Record<string, Uint8Array>> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: `Download ${fileName}` }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), fileName);
  return unzipSync(await readFile(await download.path()));
}

test('every target is offered, says what it needs, and is downloaded with the files that are listed', async () => {
  const targets = page.getByRole('group', { name: 'Runs on' }).getByRole('radio');
  assert.equal(await targets.count(), 10);
  for (const target of await targets.all()) {
    await target.check();
    const name = await target.inputValue();
    const unpacked = await downloaded(`species-${name}.zip`);
    const listed = await files().locator('.path').allInnerTexts();
    assert.deepEqual(Object.keys(unpacked).sort(), listed.sort());
    assert.match(strFromU8(unpacked['README.md'] ?? new Uint8Array()), /^# species/);
  }
});

test('the sizes and the cold start are told', async () => {
  // Not every target has a module that the tab can start.
  await page.getByRole('radio', { name: /^WebAssembly module/ }).check();
  await page.getByRole('region', { name: 'The export' }).getByText('Cold start').waitFor();
  const told = await page.getByRole('region', { name: 'The export' }).innerText();
  assert.match(told, /Module\s+[\d.]+ kB\s+[\d.]+ kB gzipped/);
  assert.match(told, /Cold start, measured in this tab\s+[\d.]+\sms/);
});

test('a text file can be read right there', async () => {
  await files().getByRole('button', { name: 'README.md' }).click();
  await page.getByRole('region', { name: 'README.md' }).getByText('# species').waitFor();
});

test('the exported module answers a row as the model does, and over HTTP', async () => {
  await page.getByRole('radio', { name: /^Node/ }).check();
  await page.getByRole('combobox', { name: 'island' }).selectOption('Biscoe');
  await page.getByRole('spinbutton', { name: 'bill_length_mm' }).fill('50');
  await page.getByRole('spinbutton', { name: 'bill_depth_mm' }).fill('14');
  await page.getByRole('spinbutton', { name: 'flipper_length_mm' }).fill('225');
  await prediction().filter({ hasText: 'Gentoo' }).waitFor();
  await page.getByText('the same, to the last bit').waitFor();
  await page.getByRole('region', { name: 'Answer' }).getByText('{"predictions":["Gentoo"]}').waitFor();
  const request = await page.getByRole('region', { name: 'Request' }).innerText();
  assert.match(request, /^curl http:\/\/127\.0\.0\.1:8000\/invocations[\s\S]*"flipper_length_mm":225/);
  await page.getByRole('combobox', { name: 'island' }).selectOption('');
  await page.getByRole('region', { name: 'Request' }).getByText('"island":null').waitFor();
});

test('another target, by keyboard, keeps the focus and the row', async () => {
  await page.getByRole('spinbutton', { name: 'bill_length_mm' }).fill('47.5');
  await page.getByRole('radio', { name: /^Deno/ }).check();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate('document.activeElement?.value'), 'node');
  await page.getByRole('button', { name: 'Download species-node.zip' }).waitFor();
  assert.equal(await page.getByRole('spinbutton', { name: 'bill_length_mm' }).inputValue(), '47.5');
});

test('a name that cannot be one is said at its field; a good one is what the service is called', async () => {
  const field = page.getByLabel('Name of the service');
  await field.fill('My Model!');
  await field.press('Enter');
  await page.getByText('use lower-case letters, digits and hyphens, at most 54').waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.ok(await page.getByRole('button', { name: /^Download/ }).isDisabled());
  await field.fill('which-penguin');
  await field.press('Enter');
  const unpacked = await downloaded('which-penguin-node.zip');
  const bytes = unpacked['model.wasm'] ?? new Uint8Array();
  const scorer = Scorer.from(await WebAssembly.compile(new Uint8Array(bytes)));
  assert.equal(scorer.description.name, 'which-penguin');
  const health = await createHandler(scorer)(new Request('http://localhost/v2/models/which-penguin/ready'));
  assert.equal(health.status, 200);
});

test('as code: the command line exports the same files', async () => {
  await page.getByText('As code').click();
  await page.getByRole('button', { name: 'Command line' }).click();
  const code = page.locator('details', { hasText: 'As code' }).locator('pre');
  assert.match(
    (await code.textContent()) ?? '',
    /^hedgerow export species-[0-9a-f]{8}\.safetensors --to node \\\n {2}--name which-penguin \\\n {2}--out which-penguin-node$/,
  );
});

test('with another model it becomes a router, the one that the command line makes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-router-'));
  const golden = fileURLToPath(new URL('../golden/model/penguins-v1.safetensors', import.meta.url));
  const router = page.locator('details', { hasText: 'Behind one address with another model' });
  await router.locator('summary').first().click();
  const button = router.getByRole('button', { name: 'Download which-penguin-router.zip' });
  assert.ok(await button.isDisabled());
  await router.getByLabel('Open its model file').setInputFiles(golden);
  await router.getByLabel('Its share of units').fill('7');
  const unpacked = await downloaded('which-penguin-router.zip');
  await router.getByText('As code').click();
  await router.getByRole('button', { name: 'Command line' }).click();
  const command = (await router.locator('pre').textContent()) ?? '';
  assert.match(command, /--with penguins-v1\.safetensors --weight 0\.07/);
  await copyFile(golden, join(folder, 'penguins-v1.safetensors'));
  await page.getByRole('link', { name: 'Result', exact: true }).click();
  await page.getByRole('link', { name: 'Model file' }).click();
  await saved(page, folder, /^Download species-/);
  await run('sh', ['-c', `hedgerow() { "$HEDGEROW" "$@"; }\n${command}`], {
    cwd: folder,
    env: { ...process.env, HEDGEROW: cli },
  });
  for (const [path, bytes] of Object.entries(unpacked))
    assert.deepEqual(await readFile(join(folder, 'which-penguin-router', path)), Buffer.from(bytes), path);
  assert.ok(unpacked['challenger/model.wasm'] && unpacked['router.mjs']);
  await rm(folder, { recursive: true });
  await page.getByRole('link', { name: 'Deploy', exact: true }).click();
});

test('a challenger of another kind is refused, and said', async () => {
  const ridge = fileURLToPath(new URL('../golden/model/ridge-v2.safetensors', import.meta.url));
  const router = page.locator('details', { hasText: 'Behind one address with another model' });
  await router.locator('summary').first().click();
  await router.getByLabel('Open its model file').setInputFiles(ridge);
  await router.getByRole('button', { name: 'Download which-penguin-router.zip' }).click();
  await router.getByText('models_differ').waitFor();
});

test('an address leads to its target, and a reload back to it', async () => {
  await page.getByRole('radio', { name: /^Deno/ }).check();
  await until(async () => page.url().endsWith('#/deploy/deno'));
  await page.reload();
  await page.getByRole('button', { name: 'Download species-deno.zip' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: /^Deno/ }).isChecked());
});

/** Trains, and goes to Deploy; what the service answers to the typical row. */
async function answerOfTrained(other: Page, choice: string, heading: RegExp): Promise<string> {
  await other.getByLabel('Predict', { exact: true }).selectOption(choice);
  await startTraining(other);
  await other.getByRole('heading', { level: 1, name: heading }).waitFor({ timeout: 120_000 });
  await other.getByRole('link', { name: 'Deploy', exact: true }).click();
  await other.getByRole('radio', { name: /^Bun/ }).check();
  await other.getByText('the same, to the last bit').waitFor();
  return other.getByRole('region', { name: 'Answer' }).innerText();
}

test('models of numbers and of anomalies are tried, too', async () => {
  const other = await openInTrain(site, 'Credit');
  await other.getByLabel('Trees', { exact: true }).fill('10');
  const amount = await answerOfTrained(other, 'Amount', /^Predicting Amount/);
  assert.match(amount, /^\{"predictions":\[\d{3,4}(\.\d+)?\]\}$/);
  await backToTrain(other);
  const oddness = await answerOfTrained(other, 'nothing: find anomalies', /^Finding anomalies/);
  assert.match(oddness, /^\{"predictions":\[0\.\d+\]\}$/);
});

test('without a model the view says what it is for', async () => {
  const { page: other } = await site.open();
  await other.getByRole('link', { name: 'Deploy' }).click();
  await other.getByText('Here a model becomes something that serves').waitFor();
  await other.getByRole('link', { name: 'Load a table' }).waitFor();
});

test('no request went to another host, and nothing was complained of', () => {
  assert.deepEqual(site.foreign, []);
  assert.deepEqual(site.problems, []);
});
