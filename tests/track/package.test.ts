/**
 * A workspace handed on to a real MLflow server from Node and from the page, and taken back. What the server
 * makes of it is looked at in `mlflow.test.ts`.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Table, train } from 'hedgerow';
import { openWorkspace, type PushOptions, type Workspace } from 'hedgerow/track';
import type { Page } from 'playwright-core';
import { whyBlocked } from '../../pkg/dist/track/browser/blocked.js';
import type { Server } from '../edge/support/servers.js';
import { run, succeed } from '../package/support/run.js';
import { type Site, startSite } from '../page/support/site.js';
import { awaitResult, goToTrain, loadSample, startTraining } from '../page/support/steps.js';
import { cli, type Fate, proxyOf, startMlflow, stateOf } from './mlflow/server.js';
import { EXPERIMENT as experiment, makeWorkspace, table } from './mlflow/workspace.js';

const pushing = fileURLToPath(new URL('mlflow/push.mjs', import.meta.url));

let folder: string;
let site: Site;
let mlflow: Server;
let workspace: Workspace;
const path = (name: string) => join(folder, name);
/** Of this machine, and so trusted by browsers, but by MLflow only where it is told. */
const siteAt = (name: string) => site.url.replace('127.0.0.1', `${name}.localhost`);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-mlflow-'));
  site = await startSite();
  mlflow = await startMlflow(folder, '--cors-allowed-origins', new URL(siteAt('runs')).origin);
  const csv = table(300, ['clerk']);
  await writeFile(path('table.csv'), csv);
  const rows = await Table.fromCsv(new TextEncoder().encode(csv));
  const model = await train(rows, { target: 'level', workers: 0 });
  await writeFile(path('level.safetensors'), model.save());
  await makeWorkspace(path('ws.sqlite'), path('level.safetensors'), path('table.csv'));
  workspace = await openWorkspace({ path: path('ws.sqlite') });
});
after(async () => {
  await workspace?.close();
  await mlflow?.stop();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a push that was cancelled or killed goes on where it was, and nothing is there twice', async () => {
  for (const last of [1, 4, 15]) {
    const cancel = new AbortController();
    const cut = workspace.push(mlflow.url, {
      models: true,
      signal: cancel.signal,
      onProgress: ({ requests }) => requests === last && cancel.abort(new Error('enough')),
    });
    await assert.rejects(cut, /enough/);
    const { code } = await run('node', [pushing, path('ws.sqlite'), mlflow.url, String(last)], folder);
    assert.equal(code, null);
  }
  const { changes } = await workspace.push(`${mlflow.url}/`, { models: true });
  assert.ok(changes > 0);
  const { experiments, models } = await stateOf(mlflow.url, folder);
  assert.deepEqual(experiments[experiment]?.map(({ name }) => name).sort(), [
    'trial 1',
    'trial 2',
    'trial 3',
    'tuning',
  ]);
  assert.deepEqual(
    Object.values(models).map(({ versions }) => versions.length),
    [2, 1],
  );
  const again = await workspace.push(mlflow.url, { models: true });
  assert.deepEqual(again, { runs: 0, points: 0, files: 0, versions: 0, changes: 0, plain: [] });
});

test('for the command line, too, there is nothing new then', async () => {
  const args = ['--json', 'push', '--to', mlflow.url, '--models', '--track', 'ws.sqlite'];
  assert.equal(JSON.parse(await succeed(cli, args, folder)).changes, 0);
});

test('what was pushed comes back, once', async () => {
  const back = await openWorkspace({ memory: true });
  const first = await back.pull(mlflow.url, { experiment });
  assert.deepEqual([first.runs, first.points, first.versions], [4, 10_040, 2]);
  const { runs } = await workspace.runs({ experiment });
  for (const { id, params, status } of runs) {
    const came = await back.run(id);
    assert.deepEqual([came.params, came.status], [params, status]);
  }
  const second = await back.pull(mlflow.url, { experiment });
  assert.deepEqual([second.runs, second.points, second.versions], [0, 0, 0]);
  await assert.rejects(back.pull(mlflow.url, { experiment: 'none' }), { code: 'mlflow_missing' });
  await back.close();
});

test('some runs alone can be pushed, by the beginnings of their ids', async () => {
  const other = await openWorkspace({ memory: true });
  const pushed = async (name: string) => {
    const run = await other.startRun({ experiment: 'some', name });
    await run.end();
    return run.id;
  };
  const [id = ''] = [await pushed('one'), await pushed('two')];
  assert.equal((await other.push(mlflow.url, { runs: [id.slice(0, 12)] })).runs, 1);
  assert.equal((await other.push(mlflow.url, { experiments: ['others'] })).runs, 0);
  assert.equal((await other.push(mlflow.url, { experiments: ['some'] })).runs, 1);
  await assert.rejects(other.push(mlflow.url, { runs: ['zz'] }), { code: 'no_run' });
  await other.close();
});

/** What a push to a server of this kind ends with, and what it asked with. */
async function pushedTo(answer: RequestListener, options: PushOptions = {}) {
  const asked: (string | undefined)[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.headers.authorization);
    answer(incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const error = await workspace.push(`http://127.0.0.1:${port}`, options).then(
    () => assert.fail('it should fail'),
    (error: Error & { code?: string }) => error,
  );
  server.closeAllConnections();
  server.close();
  return { error, asked };
}

test('a server that refuses is told apart by a code, and credentials are sent as they are given', async () => {
  const refusing =
    (status: number, headers = {}, body = ''): RequestListener =>
    (_, outgoing) =>
      outgoing.writeHead(status, headers).end(body);
  const unauthorized = await pushedTo(refusing(401), { token: 'secret' });
  assert.equal(unauthorized.error.code, 'mlflow_unauthorized');
  assert.deepEqual(unauthorized.asked, ['Bearer secret']);
  const basic = await pushedTo(refusing(403), { username: 'ada', password: 'pä' });
  assert.equal(basic.error.code, 'mlflow_forbidden');
  assert.deepEqual(basic.asked, [`Basic ${Buffer.from('ada:pä').toString('base64')}`]);
  const moved = await pushedTo(refusing(302, { location: mlflow.url }));
  assert.equal(moved.error.code, 'mlflow_refused');
  const busy = await pushedTo(refusing(429, { 'retry-after': '0' }));
  assert.equal(busy.error.code, 'mlflow_busy');
  assert.equal(busy.asked.length, 6);
  const page = await pushedTo(refusing(200, {}, '<h1>Log in</h1>'));
  assert.equal(page.error.code, 'mlflow_answer');
  for (const url of ['mlflow.example.org', 'ftp://x', 'http://ada:secret@x']) {
    await assert.rejects(workspace.push(url), { name: 'HedgerowError', code: 'bad_address' });
  }
});

test('an answer that does not come is asked for again, and is not waited for once it is cancelled', async () => {
  let fate = (number: number): Fate => (number === 0 ? 'swallow' : 'pass');
  const proxy = await proxyOf(mlflow.url, (number) => fate(number));
  const waits: (number | undefined)[] = [];
  const pulled = await workspace.pull(proxy.url, {
    experiment,
    timeout: 400,
    onProgress: ({ wait }) => waits.push(wait),
  });
  assert.equal(pulled.runs, 0);
  assert.deepEqual(waits.slice(0, 3), [undefined, 1, undefined]);
  fate = () => 'drop';
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 100);
  const begun = performance.now();
  const cut = workspace.pull(proxy.url, { experiment, signal: cancel.signal });
  await assert.rejects(cut, { name: 'AbortError' });
  assert.ok(performance.now() - begun < 1_000);
  proxy.close();
});

test('what a browser does not allow is told with what to do about it', async (context) => {
  const browser = { origin: 'https://page.test', addEventListener() {}, removeEventListener() {} };
  Object.assign(globalThis, browser);
  context.mock.method(globalThis, 'fetch', async () => new Response());
  const told = async (url: string) => (await whyBlocked(url))?.message ?? '';
  assert.match(await told('http://mlflow.test'), /over https .* hedgerow push --to http:\/\/mlflow\.test$/);
  const command = 'mlflow server --cors-allowed-origins https://page.test';
  assert.ok((await told('http://127.0.0.1:5000')).endsWith(command));
  assert.ok((await told('https://10.0.0.7')).endsWith(command));
  assert.ok(
    (await told('https://mlflow.test:8443/a')).endsWith(`${command} --allowed-hosts mlflow.test:8443`),
  );
  context.mock.method(globalThis, 'fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  assert.equal(await told('https://mlflow.test'), '');
});

/** Trains in a page, and opens what hands runs on. */
async function openTrained(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await loadSample(page, 'Penguins');
  await goToTrain(page);
  await page.getByLabel('Trees', { exact: true }).fill('3');
  await startTraining(page);
  await awaitResult(page);
  await openForm(page);
}

async function openForm(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByText('Hand on to MLflow').click();
}

async function push(page: Page, url: string): Promise<void> {
  await page.getByLabel('Server', { exact: true }).fill(url);
  await page.getByRole('button', { name: 'Push' }).click();
}

test('the page pushes and pulls, and goes on where the tab that owned the workspace is closed', async () => {
  const { page: owner, context } = await site.open();
  await openTrained(owner, siteAt('runs'));
  const page = await context.newPage();
  await page.goto(`${siteAt('runs')}#/runs`);
  await page.getByText('Hand on to MLflow').click();
  const proxy = await proxyOf(mlflow.url, async (number): Promise<Fate> => {
    if (number === 8) await owner.close();
    return 'pass';
  });
  await push(page, proxy.url);
  await page.getByText('Sent: 1 new run').waitFor();
  assert.ok(owner.isClosed());
  await push(page, proxy.url);
  await page.getByText('Nothing was new').waitFor();
  proxy.close();
  const { experiments } = await stateOf(mlflow.url, folder);
  const [name = '', runs = []] = Object.entries(experiments).find(([name]) => /penguin/i.test(name)) ?? [];
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['FINISHED'],
  );
  await context.close();
  await pullElsewhere(name);
});

/** In another profile. */
async function pullElsewhere(experiment: string): Promise<void> {
  const { page, context } = await site.open();
  await page.goto(siteAt('runs'));
  await openForm(page);
  await page.getByLabel('Server', { exact: true }).fill(`${mlflow.url}/#/experiments`);
  await page.getByLabel('Experiment').fill(experiment);
  await page.getByRole('button', { name: 'Pull' }).click();
  await page.getByText('Came in: 1 new run').waitFor();
  await page.getByRole('table', { name: 'Runs' }).getByText('random-forest').first().waitFor();
  await context.close();
}

test('where the server does not let the page in, the page says how it is told to', async () => {
  const { page, context } = await site.open();
  await openTrained(page, siteAt('other'));
  await push(page, mlflow.url);
  const command = `mlflow server --cors-allowed-origins ${new URL(siteAt('other')).origin}`;
  await page.getByRole('alert').getByText(command, { exact: true }).waitFor();
  await page.getByText('mlflow_blocked').waitFor();
  await context.close();
});
