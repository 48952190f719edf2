/** The command line that the page shows, run with the command line tool that was built. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { sample } from './steps.js';

const run = promisify(execFile);
const built = fileURLToPath(new URL('../../../target/release/hedgerow', import.meta.url));
export const cli = process.env.HEDGEROW_CLI ?? built;

/** Runs the shown command in a folder that has the sample and other files by name, and another command after
 * it; what they print. */
export async function shownRun(
  page: Page,
  data: string,
  then = '',
  files: Record<string, string> = {},
): Promise<string> {
  // What a view does as a whole stands below all else.
  const summary = page.locator('summary', { hasText: 'As code' }).last();
  await summary.click();
  const code = summary.locator('..');
  await code.getByRole('button', { name: 'Command line' }).click();
  const command = await code.locator('pre').textContent();
  const script = `hedgerow() { "$HEDGEROW" "$@"; }\n${command}\n${then}`;
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-as-code-'));
  try {
    await copyFile(sample(data), join(folder, data));
    for (const [name, path] of Object.entries(files)) await copyFile(path, join(folder, name));
    const env = { ...process.env, HEDGEROW: cli };
    return (await run('sh', ['-c', script], { cwd: folder, env })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the model that the shown command makes is, its hash among it. */
export function runShown(page: Page, data: string): Promise<string> {
  return shownRun(page, data, `hedgerow --json inspect ${data.replace('.csv', '.safetensors')}`);
}

/** The hash of the model that the result is of. */
export async function shownHash(page: Page): Promise<string> {
  return (await page.locator('main header code').getAttribute('title')) ?? 'no hash';
}
