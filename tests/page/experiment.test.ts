/** A/B tests and challengers in the page: dropped, asked for, trained, and beside what the command line says. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { cli } from './support/command.js';
import { flights } from './support/flights.js';
import { type Site, startSite } from './support/site.js';
import { awaitResult, dropFile, goToTrain, startTraining } from './support/steps.js';

const run = promisify(execFile);

let site: Site;
let page: Page;
let folder: string;
let router: Server;
let isDown = false;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-experiment-'));
  site = await startSite();
  ({ page } = await site.open());
  router = createServer(({ url }, response) => {
    const isThere = url === '/experiment' && !isDown;
    response.writeHead(isThere ? 200 : isDown ? 503 : 404, { 'access-control-allow-origin': '*' });
    response.end(isThere ? JSON.stringify(counts(2500, 250, 2520, 330)) : '');
  });
  await new Promise<void>((resolve) => router.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  await site?.close();
  router?.close();
  router?.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

function counts(n: number, successes: number, m: number, others: number) {
  const variants = { A: { n, successes }, B: { n: m, successes: others } };
  return { variants, weights: { A: 1, B: 1 }, control: 'A' };
}

const part = () => page.getByRole('region', { name: 'A/B test' });
const verdict = () => part().getByRole('region', { name: / than |trusted|too little/ });
const asFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

async function go(name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
}

async function add(...files: { name: string; text: string }[]): Promise<void> {
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  await part()
    .locator('input[type=file]')
    .setInputFiles(files.map(({ name, text }) => asFile(name, text)));
}

/** The shown command, run in the folder; what it prints as JSON. */
async function shown<Found>(section: Locator, files: Record<string, string> = {}): Promise<Found> {
  const code = section.locator('details', { hasText: 'As code' }).first();
  if (!(await code.locator('pre').isVisible())) await code.locator('summary').click();
  await code.getByRole('button', { name: 'Command line' }).click();
  const command = (await code.locator('pre').textContent()) ?? '';
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const script = `hedgerow() { "$HEDGEROW" --json "$@"; }\n${command}`;
  const env = { ...process.env, HEDGEROW: cli };
  return JSON.parse((await run('sh', ['-c', script], { cwd: folder, env })).stdout);
}

interface Compared {
  comparisons: { message: string }[];
  variants: { name: string; n: number }[];
}

async function sameMessages(section: Locator): Promise<void> {
  const { comparisons, variants } = await shown<Compared>(section);
  for (const { message } of comparisons) {
    await verdict().getByRole('listitem').filter({ hasText: message }).first().waitFor();
  }
  for (const { name, n } of variants) {
    const row = verdict().getByRole('row', { name: new RegExp(`^${name}\\b`) });
    assert.ok((await row.textContent())?.includes(n.toLocaleString('en')), name);
  }
}

test('without a model or counts, it says what it is for', async () => {
  await go('Monitor');
  await part().getByText('Says which version of a model is better').waitFor();
});

test('dropped counts and a router are added up: the verdict first, as the command line says it', async () => {
  await add({ name: 'day-1.json', text: JSON.stringify(counts(5000, 500, 5020, 640)) });
  await part().getByText('Connect to routers').click();
  const { port } = router.address() as AddressInfo;
  await part()
    .getByLabel('Addresses of routers')
    .fill(`http://127.0.0.1:${port}/\nhttp://127.0.0.1:${port}/else`);
  await part().getByRole('button', { name: 'Connect to 2' }).click();
  await part().getByText('there is no experiment at', { exact: false }).waitFor();
  await part()
    .getByRole('button', { name: `Remove http://127.0.0.1:${port}/else` })
    .click();
  await part().getByRole('heading', { name: 'B is better than A' }).waitFor();
  assert.match((await verdict().textContent()) ?? '', /Units are spread as the weights say/);
  assert.match((await verdict().getByRole('row', { name: /^B/ }).textContent()) ?? '', /7,540/);
  await sameMessages(part());
});

test('what was counted stands after a reload, and routers can be asked again', async () => {
  await page.reload();
  await part().getByRole('heading', { name: 'B is better than A' }).waitFor();
  assert.match((await verdict().getByRole('row', { name: /^B/ }).textContent()) ?? '', /7,540/);
  await sameMessages(part());
  await part().getByRole('button', { name: 'Ask routers again' }).click();
  await part().getByText('2 places', { exact: false }).waitFor();
  await part().getByRole('heading', { name: 'B is better than A' }).waitFor();
  assert.equal(await part().getByRole('alert').count(), 0);
  // What a router had counted still holds where it does not answer.
  isDown = true;
  await part().getByRole('button', { name: 'Ask routers again' }).click();
  await part().getByText('service_failed').waitFor();
  await page.reload();
  await part().getByRole('heading', { name: 'B is better than A' }).waitFor();
  assert.match((await verdict().getByRole('row', { name: /^B/ }).textContent()) ?? '', /7,540/);
  isDown = false;
});

test('units that are not spread as they should be make every verdict void', async () => {
  await part().getByRole('button', { name: 'Remove all' }).click();
  await add({ name: 'skewed.json', text: JSON.stringify(counts(5000, 500, 4000, 640)) });
  await part()
    .getByRole('heading', { name: /^No verdict can be trusted/ })
    .waitFor();
  await verdict().getByText('Find out what sorts them').first().waitFor();
  await verdict().getByRole('columnheader', { name: 'Expected' }).waitFor();
});

test('rows are counted by columns that are guessed, and chosen', async () => {
  await part().getByRole('button', { name: 'Remove all' }).click();
  const lines = ['unit,group,site,before,spent,bought'];
  for (let unit = 0; unit < 3000; unit += 1) {
    const isNew = unit % 2 === 1;
    const spent = ((unit * 53) % 97) / 10 + (isNew ? 1 : 0);
    const bought = (unit * 37) % 100 < (isNew ? 18 : 10);
    lines.push(
      `${unit},${isNew ? 'new' : 'old'},${unit % 3 ? 'a' : 'b'},${(unit * 7) % 50},${spent},${bought ? 'yes' : 'no'}`,
    );
  }
  await add({ name: 'units.csv', text: `${lines.join('\n')}\n` });
  await part().getByRole('heading', { name: 'old is worse than new' }).waitFor();
  assert.equal(
    await part()
      .getByRole('combobox', { name: /^Variant/ })
      .inputValue(),
    'group',
  );
  assert.equal(await part().getByLabel('A success is').inputValue(), 'yes');
  await part().getByLabel('Compared with').selectOption('old');
  await part().getByRole('heading', { name: 'new is better than old' }).waitFor();
  await sameMessages(part());
  await part()
    .getByRole('combobox', { name: /^Outcome(?!s)/ })
    .selectOption('spent');
  await part().getByRole('columnheader', { name: 'Mean' }).waitFor();
  await part().getByLabel('Known before').selectOption('before');
  await sameMessages(part());
  await part().getByLabel('Weights, where not even').fill('old=1, new=3');
  await part().getByLabel('Weights, where not even').press('Enter');
  await part()
    .getByRole('heading', { name: /^No verdict can be trusted/ })
    .waitFor();
});

test('with other columns, what was chosen of variants stays while they are there', async () => {
  const choice = (name: RegExp) => part().getByRole('combobox', { name });
  const [control, weights] = [part().getByLabel('Compared with'), part().getByLabel('Weights, where not')];
  await choice(/^Outcome(?!s)/).selectOption('bought');
  const before = part().getByLabel('Known before');
  assert.equal(await before.inputValue(), 'before');
  await before.selectOption('');
  await part().getByRole('columnheader', { name: 'Share' }).waitFor();
  assert.deepEqual([await control.inputValue(), await weights.inputValue()], ['old', 'old=1, new=3']);
  await choice(/^Variant/).selectOption('site');
  await verdict().getByRole('row', { name: /^b\b/ }).waitFor();
  assert.deepEqual([await control.inputValue(), await weights.inputValue()], ['a', '']);
  assert.equal(await choice(/^Outcome(?!s)/).inputValue(), 'bought');
  await sameMessages(part());
});

test('rows that were counted stand after a reload as counts, with what was chosen', async () => {
  const before = await verdict().textContent();
  await page.reload();
  await verdict().getByRole('row', { name: /^b\b/ }).waitFor();
  assert.equal(await verdict().textContent(), before);
  assert.equal(await part().getByLabel('Compared with').inputValue(), 'a');
  await sameMessages(part());
  // By other columns a file that is not here any more cannot be counted, and counts of both kinds would not add up.
  await add({ name: 'more.csv', text: await readFile(join(folder, 'units.csv'), 'utf8') });
  await part()
    .getByRole('combobox', { name: /^Outcome(?!s)/ })
    .selectOption('spent');
  const at = (name: string) => part().getByRole('listitem').filter({ hasText: name });
  await at('units.csv').getByText('not_there').waitFor();
  await at('more.csv').getByText('3,000 units').waitFor();
});

test('what is no experiment is said, beside what is one', async () => {
  const at = (name: string) => part().getByRole('listitem').filter({ hasText: name });
  await add({ name: 'broken.json', text: '{' });
  await at('broken.json').getByText('This file is no JSON').waitFor();
  await at('broken.json').getByText('bad_experiment').waitFor();
  await add({ name: 'numbers.csv', text: 'a,b\n1,2\n3,4\n' });
  await at('numbers.csv').getByText('unknown_column').waitFor();
  await part().getByRole('button', { name: 'Remove all' }).click();
  await verdict().waitFor({ state: 'detached' });
  await add({ name: 'numbers.csv', text: 'a,b\n1,2\n3,4\n' });
  await at('numbers.csv').getByText('no column has variants and another outcomes').waitFor();
  await part().getByRole('button', { name: 'Remove all' }).click();
  await verdict().waitFor({ state: 'detached' });
});

test('a test is planned as on the command line', async () => {
  await part().getByText('Plan a test').click();
  await part().getByLabel('Units a day').fill('900');
  await part().getByRole('button', { name: 'Plan', exact: true }).click();
  const table = part().getByRole('table', { name: 'The plan' });
  await table.waitFor();
  type Units = { variant: number; days: number };
  const plan = await shown<{ once: Units; anyTime: Units }>(
    part().locator('details', { hasText: 'Plan a test' }).first().locator('.inside'),
  );
  for (const { variant, days } of [plan.once, plan.anyTime]) {
    const row = table.getByRole('row', { name: variant.toLocaleString('en') });
    assert.match((await row.textContent()) ?? '', new RegExp(`${days}\\s*$`));
  }
  await part().getByLabel('Power, 0 to 1').fill('2');
  await part().getByRole('button', { name: 'Plan', exact: true }).click();
  await part().getByRole('alert').waitFor();
});

/** What is seriously wrong for those who cannot see, or see otherwise, and whether anything is too wide. */
async function isSound(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const results = (await page.evaluate('axe.run(document)')) as AxeResults;
      const bad = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const told = bad.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
      assert.deepEqual(told, [], `${colorScheme}, ${width}`);
      const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(widest <= width, `${widest} in ${width}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

const retrain = () => page.getByRole('region', { name: 'Retrain' });
const rows = flights(1500, 2, 9);

test('a challenger is trained on new rows and judged as `hedgerow retrain` does it', async () => {
  await go('Data');
  await dropFile(page, 'train.csv', flights(2000, 0));
  await page.getByRole('heading', { level: 1, name: 'train.csv' }).waitFor();
  await goToTrain(page);
  await page.getByLabel('Predict', { exact: true }).selectOption('late');
  await page.getByLabel('Trees', { exact: true }).fill('10');
  await startTraining(page);
  await awaitResult(page);
  await page.getByRole('link', { name: 'Model file' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download late-/ }).click();
  const download = await coming;
  await download.saveAs(join(folder, download.suggestedFilename()));
  await go('Monitor');
  const given = page.getByRole('region', { name: 'New rows' }).locator('input[type=file]');
  await given.setInputFiles([asFile('later.csv', rows)]);
  await retrain().getByLabel('Better by').selectOption('rocAuc');
  await retrain().getByRole('button', { name: 'Train a challenger' }).click();
  await retrain()
    .getByRole('heading', { name: /the (challenger|champion)$/ })
    .waitFor({ timeout: 60_000 });
  const found = await shown<{ verdict: { promote: boolean; reason: string } }>(retrain(), {
    'later.csv': rows,
  });
  await retrain().getByText(found.verdict.reason).waitFor();
  assert.ok(found.verdict.promote, found.verdict.reason);
  const own = page.waitForEvent('download');
  await retrain().getByRole('button', { name: 'Download' }).click();
  const saved = await readFile(await (await own).path());
  assert.deepEqual(saved, await readFile(join(folder, 'challenger.safetensors')));
});

test('both parts are sound and fit, with all that they show', async () => {
  await add({ name: 'day-1.json', text: JSON.stringify(counts(5000, 500, 5020, 640)) });
  await part().getByRole('heading', { name: 'B is better than A' }).waitFor();
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  await isSound();
});

test('it becomes the champion, with the reason in the registry, and is watched', async () => {
  await retrain().getByRole('button', { name: 'Make it the champion' }).click();
  await retrain().getByText('and the champion now').waitFor();
  await retrain().getByRole('button', { name: 'Watch it' }).click();
  const watched = page.getByRole('region', { name: 'The watched model' });
  await watched.getByRole('status').getByText('late/1').waitFor();
  await go('Models');
  await page.getByRole('link', { name: 'late', exact: true }).click();
  const versions = page.getByRole('region', { name: 'Versions' });
  await versions.getByRole('row', { name: /champion/ }).waitFor();
  await page.getByText('The challenger is better', { exact: false }).first().waitFor();
});

test('a challenger may be cancelled, and too few rows are said', async () => {
  await go('Monitor');
  const given = page.getByRole('region', { name: 'New rows' }).locator('input[type=file]');
  await given.setInputFiles([asFile('few.csv', flights(40, 2, 3))]);
  await retrain().getByRole('button', { name: 'Train a challenger' }).click();
  await retrain().getByText('at least 67 are needed').waitFor();
  await page.getByRole('button', { name: 'Remove all' }).first().click();
  await given.setInputFiles([asFile('many.csv', flights(60_000, 2, 3))]);
  await retrain().getByRole('button', { name: 'Train a challenger' }).click();
  await retrain().getByRole('button', { name: 'Cancel' }).click();
  await retrain().getByText('Cancelled.').waitFor();
});

test('nothing but the router was asked, and nothing was complained of', () => {
  const { port } = router.address() as AddressInfo;
  assert.ok(
    site.foreign.every((url) => url.startsWith(`http://127.0.0.1:${port}/`)),
    site.foreign.join(),
  );
  // The browser itself tells of the router's 404.
  assert.deepEqual(
    site.problems.filter((problem) => !problem.includes('404')),
    [],
  );
});
