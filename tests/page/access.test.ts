/** The page by keyboard, for screen readers, in light and dark, wide and narrow. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { type Site, startSite } from './support/site.js';
import { awaitResult, goToTrain, loadSample, sample, startTraining } from './support/steps.js';

const pictures = fileURLToPath(new URL('../.cache/screenshots', import.meta.url));
let site: Site;
let axe: string;

before(async () => {
  site = await startSite();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await mkdir(pictures, { recursive: true });
});
after(() => site?.close());

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press('Tab');
    const focused: string = await page.evaluate(`(() => {
      const element = document.activeElement;
      const label = element?.labels?.[0]?.innerText;
      return (element?.getAttribute('aria-label') ?? label ?? element?.innerText ?? '').trim();
    })()`);
    if (typeof name === 'string' ? focused.startsWith(name) : name.test(focused)) return;
    passed.push(focused.slice(0, 24));
  }
  assert.fail(`Tab never reaches ${name}; it passed ${passed.join(' | ')}`);
}

test('the whole way can be gone with the keyboard alone', async () => {
  const { page, context } = await site.open();
  await tabTo(page, 'Penguins');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'penguins.csv' }).waitFor();
  await tabTo(page, 'Train a model');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
  await tabTo(page, 'Trees');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('10');
  await tabTo(page, /^Train$/);
  await page.keyboard.press('Enter');
  await awaitResult(page);
  await tabTo(page, /^Predict$/);
  await page.keyboard.press('Enter');
  const prediction = page.getByRole('region', { name: 'Prediction' });
  await prediction.locator('.value').waitFor();
  await tabTo(page, /slider$/);
  const before = await page.getByRole('spinbutton').first().inputValue();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await page.getByRole('spinbutton').first().inputValue(), before);
  await context.close();
});

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run(document)')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary})`),
    );
}

/** What else one can do in the Train view, made short. */
const studies = [
  {
    part: 'Compare',
    action: 'Compare',
    prepare: async (page: Page) => {
      const learners = page.getByRole('group', { name: 'Learners' }).getByRole('checkbox');
      for (let index = 2; index < (await learners.count()); index += 1) await learners.nth(index).uncheck();
    },
  },
  {
    part: 'Tune',
    action: 'Tune',
    prepare: async (page: Page) => {
      await page.getByLabel('Trials at most').fill('4');
      await page.getByLabel('Trials at most').press('Tab');
    },
  },
  { part: 'More rows?', action: 'Measure', prepare: undefined },
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    test(`every view is sound and fits: ${colorScheme}, ${width} pixels`, async () => {
      const { page, context } = await site.open({ colorScheme, viewport: { width, height: 900 } });
      const found: string[] = [];
      const look = async (name: string) => {
        await page.screenshot({
          path: join(pictures, `${name}-${colorScheme}-${width}.png`),
          fullPage: true,
        });
        found.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
        const overflow = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
        if (overflow > 0) found.push(`${name}: wider than the window by ${overflow} pixels`);
      };
      await look('empty');
      await loadSample(page, 'Penguins');
      await page.getByRole('cell', { name: '39.1', exact: true }).first().waitFor();
      await page.getByRole('button', { name: 'island', exact: true }).click();
      await look('data');
      await goToTrain(page);
      await page.getByText('more parameters').click();
      await page.getByText('Calibration and threshold').click();
      await look('train');
      for (const study of studies) {
        await page.getByRole('link', { name: study.part }).click();
        await page.getByLabel('Folds').fill('2');
        await page.getByLabel('Folds').press('Tab');
        await study.prepare?.(page);
        await page.getByRole('button', { name: study.action, exact: true }).click();
        await page.getByRole('heading', { name: /^Done in/ }).waitFor({ timeout: 120_000 });
        await look(study.part.toLowerCase().replace(/\W+/g, '-'));
      }
      await page.getByRole('link', { name: 'One learner' }).click();
      await startTraining(page);
      await awaitResult(page);
      const figures = page.getByRole('figure');
      await figures.filter({ hasText: 'Permutation importance' }).waitFor({ timeout: 60_000 });
      for (const figure of await figures.all()) {
        await figure.scrollIntoViewIfNeeded();
        await figure.locator('svg').first().waitFor();
      }
      await look('result');
      await page.getByRole('link', { name: 'Predict', exact: true }).click();
      await page.getByRole('region', { name: 'Prediction' }).locator('.value').waitFor();
      await look('predict');
      await page.getByRole('link', { name: 'Model file' }).click();
      await page.getByText('As code').click();
      await look('model');
      await page.getByRole('link', { name: 'Deploy', exact: true }).click();
      await page.getByRole('radio', { name: /^Node/ }).check();
      await page.getByRole('region', { name: 'Answer' }).waitFor();
      await look('deploy');
      await page.getByRole('link', { name: 'Monitor', exact: true }).click();
      const birds = await readFile(sample('penguins.csv'));
      const odd = Buffer.from(`${birds}`.replaceAll('Torgersen', 'Ross').replaceAll(',MALE', ','));
      await page.getByLabel('Drop CSVs of new rows').setInputFiles([
        { name: '2026-05.csv', mimeType: 'text/csv', buffer: birds },
        { name: '2026-06.csv', mimeType: 'text/csv', buffer: odd },
        { name: 'torn.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2,3') },
      ]);
      await page.getByRole('heading', { name: 'Over time' }).waitFor({ timeout: 60_000 });
      for (const figure of await page.getByRole('figure').all()) {
        await figure.scrollIntoViewIfNeeded();
        await figure.locator('svg').first().waitFor();
      }
      await page.getByText('Rules, the usual ones').click();
      await page.getByText('Connect to services').click();
      await look('monitor');
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.getByRole('table', { name: 'Runs' }).locator('tbody tr').nth(2).waitFor();
      await page.getByText('Columns', { exact: true }).click();
      await look('runs-columns');
      await page.getByText('Columns', { exact: true }).click();
      await page.getByLabel('Filter', { exact: true }).fill('metrics.accuracy >');
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.locator('mark').waitFor();
      await look('runs');
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('link', { name: 'random-forest', exact: true }).click();
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      await page.getByRole('link', { name: 'species/1', exact: true }).waitFor();
      await look('run');
      await page.getByRole('link', { name: 'All runs' }).click();
      await page.getByRole('table', { name: 'Runs' }).locator('tbody tr').nth(2).waitFor();
      for (const box of (await page.getByRole('checkbox', { name: /^Pick/ }).all()).slice(0, 3))
        await box.check();
      await page.getByRole('link', { name: 'Compare 3 runs' }).click();
      const parallel = page.getByRole('figure').filter({ hasText: 'Each line is a run' });
      await parallel.scrollIntoViewIfNeeded();
      await parallel.locator('svg').first().waitFor();
      await look('runs-compare');
      await page.getByRole('link', { name: 'Models', exact: true }).click();
      await page.getByRole('link', { name: 'species', exact: true }).click();
      await page.getByLabel('because').fill('the first');
      await page.getByRole('button', { name: 'Promote', exact: true }).click();
      await page.getByRole('row', { name: /species\/1 champion/ }).waitFor();
      await look('models');
      assert.deepEqual(found, []);
      await context.close();
    });
  }
}

test('the switch overrules the system, and stays', async () => {
  const { page, context } = await site.open({ colorScheme: 'light' });
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await background();
  await page.getByText('Dark', { exact: true }).click();
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await background(), dark);
  await context.close();
});
