/** Workspaces in Chromium whose worker or tab is killed at any moment. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Known, openIn, openTabs, statuses, type Tabs, until } from './support/tabs.js';

let tabs: Tabs;

before(async () => {
  tabs = await openTabs();
});
after(() => tabs?.close());

/** How often the kill test kills. */
const KILLS = Number(process.env.HEDGEROW_KILLS ?? 200);

test(`killed ${KILLS} times at random points, a workspace is whole and has all that it said it kept`, async (context) => {
  const known: Known = { started: [], ended: [] };
  let checked = () => {};
  const note = ({ wrong, started, ended }: { wrong?: string[]; started?: string; ended?: string }) => {
    if (started) known.started.push(started);
    if (ended) known.ended.push(ended);
    if (!wrong) return;
    assert.deepEqual(wrong, []);
    checked();
  };
  const opened = async () => {
    const page = await tabs.open();
    await page.exposeFunction('note', note);
    return page;
  };
  let page = await opened();
  let rounds = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // Every fifth is killed wherever it is, also while it opens; the others when they keep runs.
    const early = kill % 5 === 0;
    const ready = new Promise<void>((resolve) => {
      checked = resolve;
    });
    await page.evaluate((known) => keepRuns('killed', known), known);
    if (!early) {
      await Promise.race([ready, pause(30_000).then(() => assert.fail('it should have opened'))]);
      rounds++;
    }
    await pause(Math.random() * 400);
    if (kill % 10 === 9) {
      await page.close();
      page = await opened();
    } else {
      await page.evaluate(() => keeping.terminate());
    }
  }
  await openIn(page, 'killed');
  await until(async () => !(await statuses(page)).includes('RUNNING'));
  await page.evaluate(() => workspace.check());
  const { started, ended } = known;
  context.diagnostic(`${rounds} checks; ${started.length} runs begun, ${ended.length} ended`);
  assert.ok(ended.length > KILLS / 10, `only ${ended.length} runs ended`);
  await page.close();
});

test('the pages had nothing to complain of', () => {
  assert.deepEqual(tabs.problems, []);
});
