/** What a person does with the page. */
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Site } from './site.js';

type Sample = 'Penguins' | 'Credit';

export const sample = (name: string) =>
  fileURLToPath(new URL(`../../../www/public/samples/${name}`, import.meta.url));

/** Drops a file on the Data view. */
export async function dropFile(page: Page, name: string, content: string | Buffer): Promise<void> {
  const bytes = Buffer.from(content).toString('base64');
  const transfer = await page.evaluateHandle(
    ([fileName, encoded]) => {
      const data = new DataTransfer();
      const binary = Uint8Array.from(atob(encoded ?? ''), (letter) => letter.charCodeAt(0));
      data.items.add(new File([binary], fileName ?? ''));
      return data;
    },
    [name, bytes],
  );
  await page.dispatchEvent('main > div', 'drop', { dataTransfer: transfer });
}

export async function loadSample(page: Page, title: Sample): Promise<void> {
  await page.getByRole('button', { name: title }).click();
  await page.getByRole('heading', { level: 1, name: `${title.toLowerCase()}.csv` }).waitFor();
}

export async function goToTrain(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Train a model' }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
}

/** A new page in the Train view, with a sample loaded. */
export async function openInTrain(site: Site, title: Sample): Promise<Page> {
  const { page } = await site.open();
  await loadSample(page, title);
  await goToTrain(page);
  return page;
}

/** Goes to the Train view from any other. */
export async function backToTrain(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Train', exact: true }).click();
}

export async function startTraining(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
}

/** Waits for the result of a training that was started in the Train view. */
export async function awaitResult(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: /^Predicting / }).waitFor({ timeout: 120_000 });
}

/** The headline score. */
export async function headlineScore(page: Page): Promise<number> {
  return Number(await page.getByRole('region', { name: 'Score' }).locator('.value').textContent());
}

/** A classification table: two blobs that overlap, in as many rows as wanted. */
export function blobs(rows: number): string {
  // A small generator with a fixed seed: the table is always the same.
  let state = 1;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const lines = ['a,b,c,d,e,f,class'];
  for (let row = 0; row < rows; row += 1) {
    const side = row % 2;
    const cells = Array.from({ length: 6 }, (_, index) =>
      (random() * 3 + side * (index < 3 ? 1 : 0)).toFixed(4),
    );
    lines.push(`${cells.join(',')},${side === 0 ? 'left' : 'right'}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Asks again and again, for 30 s. Playwright's `waitForFunction` would evaluate a string in the page, which its policy forbids. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await holds()); await setTimeout(50)) {
    if (Date.now() - start > 30_000) throw new Error('it did not come to hold in 30 s');
  }
}
