/** The npm package in a page of Chromium, measured from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname, join, normalize } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What is put before every script. */
const hooks = ['programs/instances.js', 'app/memory.js'].map((path) => readFileSync(here(path), 'utf8'));

let built;

/** Does a job in a page of a browser of its own. */
export async function inChromium(options, job) {
  built ??= build({
    root: here('app'),
    base: './',
    build: { outDir: join(options.out, 'app'), emptyOutDir: true },
    logLevel: 'error',
    configFile: false,
  });
  await built;
  const { url, server } = await serve(join(options.out, 'app'), join(options.out, 'data'));
  const started = await chromium.launchServer({ executablePath: options.chromium, args: flags });
  try {
    const browser = await chromium.connect(started.wsEndpoint());
    return await inPage(await browser.newPage(), url, job, started.process().pid);
  } finally {
    await started.close();
    server.closeAllConnections();
    server.close();
  }
}

async function inPage(page, url, job, browser) {
  const broken = new Promise((_, reject) => page.once('pageerror', reject));
  await page.goto(url);
  await Promise.race([page.locator('html[data-ready]').waitFor({ state: 'attached' }), broken]);
  const csv =
    job.csv && Object.fromEntries(Object.entries(job.csv).map(([part, path]) => [part, basename(path)]));
  await page.evaluate((job) => window.begin(job), { ...job, csv });
  const step = (name) => page.evaluate((name) => window.work[name](), name);
  await step('read');
  await idle(browser);
  const cpu = await timed(browser, () => step('train'));
  const peak = peakOf(browser);
  const wasm = await page.evaluate(() => window.wasmMemory());
  const results = { cpu, peak, wasm, identity: await step('identity') };
  if (job.csv) {
    results.predict = await timed(browser, () => step('predict'));
    results.metrics = await step('metrics');
  }
  return results;
}

/** Processor time of all processes of the browser while something happens, in seconds. */
async function timed(browser, work) {
  const before = seconds(browser);
  await work();
  return seconds(browser) - before;
}

/**
 * Waits until the browser is done with what it does beside the page: it starts processes ahead, for
 * pages that may be opened, which can take as much time as a small training.
 */
async function idle(browser) {
  let [before, calm] = [seconds(browser), 0];
  for (let looks = 0; calm < 3 && looks < 100; looks++) {
    await setTimeout(100);
    const now = seconds(browser);
    calm = now - before < 1.5 / TICKS ? calm + 1 : 0;
    before = now;
  }
}

/** Ticks of `/proc`; they are the same on every Linux. */
const TICKS = 100;

function seconds(browser) {
  return family(browser).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/** The most memory that any process of the browser had: that of the page. */
function peakOf(browser) {
  const peaks = family(browser).map(({ pid }) => {
    const status = readProc(pid, 'status');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  });
  return Math.max(...peaks);
}

/** A process and all below it. */
function family(ancestor) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const known = all.map(stat).filter((process) => process !== undefined);
  const members = new Set([ancestor]);
  for (let before = 0; before < members.size; ) {
    before = members.size;
    for (const { pid, parent } of known) if (members.has(parent)) members.add(pid);
  }
  return known.filter(({ pid }) => members.has(pid));
}

function stat(name) {
  const text = readProc(name, 'stat');
  if (text === '') return undefined;
  // The name of the program, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return { pid: Number(name), parent, ticks: user + system };
}

/** Empty for a process that has ended meanwhile. */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Serves the built page and, below it, the data. */
async function serve(app, data) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    const file = path.endsWith('.csv') ? join(data, path) : join(app, path === '/' ? 'index.html' : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
      response.end(file.endsWith('.js') ? [...hooks, body].join('\n') : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, server };
}
