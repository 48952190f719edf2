/** The ten lines, built by Vite, in Chromium; the same bytes as in Node. */
import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openApp } from './support/browser.js';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

interface Result {
  sha256: string;
  accuracy: number;
  label: string;
}

let installed: Installed;
let server: Server;
let browser: Browser;
let page: Page;
let problems: string[];

before(async () => {
  installed = await install();
  ({ server, browser, page, problems } = await openApp(installed));
});
after(async () => {
  await browser?.close();
  server?.close();
  await installed?.remove();
});

test('the ten lines run in Chromium with 0, 1, 2 and 4 workers and give the bytes that Node gives', async (context) => {
  const node: Result = JSON.parse(await succeed('node', ['ten-lines.mjs', '1'], installed.folder));
  context.diagnostic(`sha256 ${node.sha256}`);
  for (const workers of [0, 1, 2, 4]) {
    const result: Result = await page.evaluate(`tenLines(${workers})`);
    assert.equal(result.sha256, node.sha256, `${workers} workers`);
    assert.equal(result.accuracy, node.accuracy);
    assert.equal(result.label, 'Adelie');
  }
});

test('a cancelled training rejects with the reason, and the next one works', async () => {
  assert.deepEqual(await page.evaluate('cancelled()'), { reason: 'enough', trees: 5 });
});

test('the page had nothing to complain of under a strict content security policy', () => {
  assert.deepEqual(problems, []);
});
