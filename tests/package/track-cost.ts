/**
 * What a record costs a training: the same one with and without 10,000 metric points a second logged beside
 * it, by turns, in Node and in Chromium. Medians count. Of the time that a training takes, logging may add 5 %.
 *
 * `node --import tsx package/track-cost.ts [TIMES]`, or `cargo xtask bench --track`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openApp } from './support/browser.js';
import { install } from './support/installed.js';

/** At most so much longer. */
const BOUND = 1.05;
const times = Number(process.argv[2] ?? 5);

interface Cost {
  /** Seconds of each training. */
  without: number[];
  recorded: number[];
  /** Points a second that were logged, and are on the disk. */
  rate: number;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function tell(where: string, { without, recorded, rate }: Cost): boolean {
  const [before, after] = [median(without), median(recorded)];
  const ratio = after / before;
  console.log(
    `${where}: ${before.toFixed(2)} s without, ${after.toFixed(2)} s with ${Math.round(rate)} points a second: ` +
      `${((ratio - 1) * 100).toFixed(1)} % longer`,
  );
  return ratio <= BOUND;
}

const installed = await install();
try {
  const folder = join(installed.folder, 'node_modules/hedgerow/dist');
  const load = (path: string) => import(pathToFileURL(path).href);
  const { costOf } = await load(join(installed.folder, 'cost.mjs'));
  const { openWorkspace } = await load(join(folder, 'track/index.js'));
  const workspace = await openWorkspace({ path: join(installed.folder, 'cost.sqlite') });
  const node: Cost = await costOf(await installed.load(), workspace, times);
  await workspace.close();
  const { page, browser, server } = await openApp(installed);
  const chromium = (await page.evaluate(`costOf(${times})`)) as Cost;
  await browser.close();
  server.close();
  const held = [tell('Node', node), tell('Chromium', chromium)];
  if (held.includes(false)) process.exitCode = 1;
} finally {
  await installed.remove();
}
