/**
 * What a record costs a training: the same one with and without 10,000 metric points a second logged beside
 * it, by turns, in Node and in Chromium. The quickest of each counts, since other work on a machine only adds.
 * Of the time that a training takes, logging may add 5 %. In Node, processor seconds are told, too.
 *
 * Then how long queries take in a workspace with 100,000 runs: at most 50 ms each.
 *
 * `node --import tsx package/track-cost.ts TIMES MANY`, or `cargo xtask bench --track`. MANY is the workspace,
 * which the example `many` of `crates/track` makes.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openApp } from './support/browser.js';
import { install } from './support/installed.js';

/** At most so much longer. */
const BOUND = 1.05;
/** Points a second at least. */
const RATE = 10_000;
/** Milliseconds that a query takes at most. */
const QUICK = 50;
const times = Number(process.argv[2] ?? 5);
const many = process.argv[3];

interface Cost {
  /** Seconds of each training. */
  without: number[];
  recorded: number[];
  /** Processor seconds of all that is logged, for a second of logging; 0 where it is not known. */
  processor: number;
  /** Points a second that were logged, and are on the disk. */
  rate: number;
}

function tell(where: string, { without, recorded, rate, processor }: Cost): boolean {
  const [before, after] = [Math.min(...without), Math.min(...recorded)];
  const ratio = after / before;
  console.log(
    `${where}: ${before.toFixed(2)} s without, ${after.toFixed(2)} s with ${Math.round(rate)} points a second: ` +
      `${((ratio - 1) * 100).toFixed(1)} % longer` +
      (processor ? `; a second of logging takes ${processor.toFixed(3)} processor seconds` : ''),
  );
  return ratio <= BOUND && rate >= RATE;
}

interface Timed {
  filter: string;
  orderBy: string;
  total: number;
  /** Milliseconds, the quickest of some. */
  took: number;
}

function tellQueries(where: string, queries: Timed[]): boolean {
  for (const { filter, orderBy, total, took } of queries) {
    console.log(`${where}: ${took.toFixed(1)} ms, ${total} of "${filter}" by "${orderBy}"`);
  }
  return queries.every(({ took }) => took <= QUICK);
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
  const held = [tell('Node', node), tell('Chromium', chromium)];
  if (many) {
    const { queriesOf } = await load(join(installed.folder, 'queries.mjs'));
    const workspace = await openWorkspace({ path: many });
    held.push(tellQueries('Node', await queriesOf(workspace)));
    await workspace.close();
    await copyFile(many, join(installed.folder, 'app/dist/many.sqlite'));
    held.push(tellQueries('Chromium', (await page.evaluate('queriesOfMany()')) as Timed[]));
  }
  await browser.close();
  server.close();
  if (held.includes(false)) process.exitCode = 1;
} finally {
  await installed.remove();
}
