/** What a person does in the Monitor view, and what the command line says of the same files. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { cli } from './command.js';
import { flights } from './flights.js';
import { awaitResult, dropFile, goToTrain, startTraining } from './steps.js';

export const run = promisify(execFile);

/** New rows of three months, which drift. */
export const months = [0, 1, 2].map((month) => ({
  name: `flights-2026-0${month + 4}.csv`,
  text: flights(600, month, month + 7),
}));

/** The rows of the table of columns. */
export const overview = (page: Page): Locator =>
  page.getByRole('region', { name: /^Columns, / }).locator('tbody tr');

/** The places that new rows come from. */
export const places = (page: Page): Locator => page.getByRole('listitem').filter({ hasText: 'Remove' });

/** Goes to a view. */
export async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click();
}

/** Drops files on the zone, as a person does. */
export async function drop(
  page: Page,
  files: readonly { name: string; text: string | Buffer }[],
): Promise<void> {
  const given = files.map(({ name, text }) => [name, Buffer.from(text).toString('base64')]);
  const transfer = await page.evaluateHandle((dropped) => {
    const data = new DataTransfer();
    for (const [name = '', encoded = ''] of dropped) {
      const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, given);
  await page.getByText('Drop CSVs of new rows here').dispatchEvent('drop', { dataTransfer: transfer });
}

/** Trains on made-up flights, of which some are late. */
export async function train(page: Page, profile: boolean): Promise<void> {
  await dropFile(page, 'train.csv', flights(2000, 0));
  await page.getByRole('heading', { level: 1, name: 'train.csv' }).waitFor();
  await goToTrain(page);
  await page.getByLabel('Predict', { exact: true }).selectOption('late');
  await page.getByLabel('Trees', { exact: true }).fill('10');
  await page.getByLabel('Keep a training profile').setChecked(profile);
  await startTraining(page);
  await awaitResult(page);
}

/** Saves what a button gives, into a folder; its name. */
export async function downloaded(
  page: Page,
  folder: string,
  name: string | RegExp,
  part: Page | Locator = page,
): Promise<string> {
  const coming = page.waitForEvent('download');
  await part.getByRole('button', { name }).click();
  const download = await coming;
  await download.saveAs(join(folder, download.suggestedFilename()));
  return download.suggestedFilename();
}

/** What a check says as JSON. */
export interface Checked {
  drifted: number;
  tested: number;
  columns: { name: string; role: string; drifted?: boolean }[];
  segments: { conditions: object[]; error: number }[];
  performance: { metrics: { name: string; value: number; reference: number }[] };
  alarms: { message: string }[];
  findings: { message: string }[];
}

/** What the command line says of files in a folder. */
export async function checked(folder: string, ...args: string[]): Promise<Checked> {
  const work = run(cli, ['--json', 'monitor', 'check', ...args], { cwd: folder });
  // An alarm is exit code 3.
  return JSON.parse(
    await work.then(
      ({ stdout }) => stdout,
      (error) => error.stdout,
    ),
  );
}
