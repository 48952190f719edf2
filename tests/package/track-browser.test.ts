/** Workspaces in Chromium: in the private file system of the page's origin, over all its tabs. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { rows } from './support/sqlite.js';
import { openIn, openTabs, statuses, type Tabs, until } from './support/tabs.js';

let tabs: Tabs;

before(async () => {
  tabs = await openTabs();
});
after(() => tabs?.close());

test('a run is kept over a reload, and what is loaded for it is loaded when a workspace is opened', async () => {
  const page = await tabs.open();
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.reload();
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  assert.ok(!loaded.some((file) => file.includes('hedgerow_track')));
  await openIn(page, 'reload');
  assert.ok(loaded.some((file) => file.includes('hedgerow_track')));
  const id = await page.evaluate(async () => {
    const run = await workspace.startRun({ name: 'kept', params: { depth: 3 } });
    for (let step = 0; step < 2500; step++) run.logMetric('loss', 1 / (step + 1));
    await run.logArtifact('a.txt', 'ä');
    await run.end();
    return run.id;
  });
  await page.reload();
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  await openIn(page, 'reload');
  const found = await page.evaluate(async (id) => {
    const run = await workspace.run(id);
    const { points } = await workspace.series(id, 'loss');
    const text = new TextDecoder().decode(await workspace.artifact(id, 'a.txt'));
    await workspace.verify();
    const { persisted, usage } = await workspace.storage();
    return { status: run.status, params: run.params, points: points.length, text, persisted, usage };
  }, id);
  assert.equal(found.status, 'FINISHED');
  assert.deepEqual(found.params, { depth: '3' });
  assert.equal(found.points, 2500);
  assert.equal(found.text, 'ä');
  assert.equal(typeof found.persisted, 'boolean');
  assert.ok(found.usage > 0);
  await page.close();
});

test('a second tab is served, and goes on when the tab that owned the workspace is closed', async () => {
  const [first, second] = [await tabs.open(), await tabs.open()];
  await openIn(first, 'tabs');
  await openIn(second, 'tabs');
  const ids = second.evaluate(async () => {
    const ids = [];
    for (let index = 0; index < 60; index++) {
      const run = await workspace.startRun({ name: `run ${index}` });
      for (let step = 0; step < 30; step++) run.logMetric('loss', step);
      await run.end();
      ids.push(run.id);
    }
    return ids;
  });
  await first.evaluate(async () => {
    globalThis.run = await workspace.startRun({ name: 'of the tab that is closed' });
  });
  await pause(300);
  await first.close();
  assert.equal(new Set(await ids).size, 60);
  await until(async () => (await statuses(second)).every((status) => status !== 'RUNNING'));
  const found = await statuses(second);
  assert.equal(found.filter((status) => status === 'FINISHED').length, 60);
  assert.equal(found.filter((status) => status === 'FAILED').length, 1);
  const third = await tabs.open();
  await openIn(third, 'tabs');
  assert.equal((await statuses(third)).length, 61);
  await second.close();
  await third.close();
});

test('the run of a tab that is closed is ended as failed by the tab that owns the workspace', async () => {
  const [first, second] = [await tabs.open(), await tabs.open()];
  await openIn(first, 'left');
  await openIn(second, 'left');
  await first.evaluate(async () => {
    globalThis.run = await workspace.startRun({ name: 'goes on' });
  });
  await second.evaluate(async () => {
    const run = await workspace.startRun({ name: 'left' });
    run.logMetric('loss', 1);
    await run.flush();
  });
  await second.close();
  await until(async () => (await statuses(first)).includes('FAILED'));
  assert.deepEqual((await statuses(first)).sort(), ['FAILED', 'RUNNING']);
  await first.evaluate(() => run.end());
  assert.deepEqual((await statuses(first)).sort(), ['FAILED', 'FINISHED']);
  await first.close();
});

test('when only its worker is ended, a page starts another and nothing is lost', async () => {
  const page = await tabs.open();
  await page.evaluate(() => {
    globalThis.workers = [];
    const noting = new Proxy(Worker, {
      construct(Own, args: ConstructorParameters<typeof Worker>) {
        const worker = new Own(...args);
        workers.push(worker);
        return worker;
      },
    });
    Object.assign(globalThis, { Worker: noting });
  });
  await openIn(page, 'worker');
  const ended = await page.evaluate(async () => {
    const run = await workspace.startRun();
    run.logMetric('loss', 1);
    await run.flush();
    workers.at(-1)?.terminate();
    run.logMetric('loss', 2);
    await run.end();
    return workspace.run(run.id);
  });
  assert.equal(ended.status, 'FINISHED');
  assert.equal(ended.metrics[0]?.value, 2);
  await page.close();
});

test('what an owner did and could not say any more is not done again by the next', async () => {
  const [first, second] = [await tabs.open(), await tabs.open()];
  await openIn(first, 'again');
  const gone = await first.evaluate(async () => {
    for (const byte of [1, 2]) {
      const run = await workspace.startRun();
      await run.logArtifact('model.safetensors', Uint8Array.of(byte));
      await run.end();
      await workspace.register({ name: 'm', run: run.id });
    }
    await workspace.promote('m', 1, 'champion', 'the first');
    const run = await workspace.startRun();
    await run.end();
    return run.id;
  });
  await second.evaluate(() => {
    globalThis.deaf = false;
    const deafened = new Proxy(BroadcastChannel, {
      construct(Own, args: ConstructorParameters<typeof BroadcastChannel>) {
        const channel = new Own(...args);
        channel.addEventListener('message', (event) => {
          // Answers have a number, as requests do, but no sender.
          const isAnswer = 'id' in event.data && !('from' in event.data);
          if (deaf && isAnswer) event.stopImmediatePropagation();
        });
        return channel;
      },
    });
    Object.assign(globalThis, { BroadcastChannel: deafened });
  });
  await openIn(second, 'again');
  const answers = second.evaluate((gone) => {
    globalThis.deaf = true;
    return Promise.all([
      workspace.promote('m', 2, 'champion', 'better'),
      workspace.rollback('m', 'champion', 'worse'),
      workspace.promote('m', 2, 'challenger', 'to try'),
      workspace.removeAlias('m', 'challenger', 'tried'),
      workspace.deleteRun(gone, 'a mistake'),
    ]);
  }, gone);
  const audit = (page: Page) => page.evaluate(() => workspace.audit());
  await until(async () => (await audit(first))[0]?.action === 'delete_run');
  const before = await audit(first);
  await second.evaluate(() => {
    globalThis.deaf = false;
  });
  await first.close();
  assert.equal((await answers)[1], 1);
  assert.deepEqual(await audit(second), before);
  const moves = await second.evaluate(() => workspace.moves('m'));
  assert.deepEqual(moves.map(({ reason }) => reason).sort(), [
    'better',
    'the first',
    'to try',
    'tried',
    'worse',
  ]);
  const { aliases } = await second.evaluate(() => workspace.model('m'));
  assert.deepEqual(
    aliases.map(({ alias, version }) => [alias, version]),
    [['champion', 1]],
  );
  await second.evaluate(() => workspace.verify());
  await second.close();
});

test('a download opens in another SQLite, and is taken in by another workspace', async () => {
  const page = await tabs.open();
  await openIn(page, 'download');
  const bytes = await page.evaluate(async () => {
    const run = await workspace.startRun({ name: 'a' });
    run.logMetric('loss', 1);
    await run.end();
    const file = await workspace.download();
    const other = await openWorkspace({ name: 'upload' });
    const merged = await other.merge(file);
    const again = await other.merge(file);
    await other.close();
    return { file: [...file], merged, again };
  });
  assert.deepEqual([bytes.merged.runs, bytes.again.runs], [1, 0]);
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-track-'));
  const path = join(folder, 'a.sqlite');
  await writeFile(path, Uint8Array.from(bytes.file));
  assert.deepEqual(await rows(path, 'PRAGMA integrity_check'), [['ok']]);
  assert.deepEqual(await rows(path, 'SELECT name, status FROM runs'), [['a', 'FINISHED']]);
  await rm(folder, { recursive: true });
  await page.close();
});

test('little room is told of before it ends, and when it has ended nothing saved is lost', async () => {
  const page = await tabs.open();
  const devtools = await tabs.context.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 6_000_000 });
  const found = await page.evaluate(async () => {
    // Chromium tells the same quota whatever it is.
    navigator.storage.estimate = async () => ({ usage: 94_000_001, quota: 100_000_000 });
    globalThis.told = 0;
    globalThis.workspace = await openWorkspace({
      name: 'full',
      onLowStorage() {
        told++;
      },
    });
    const run = await workspace.startRun();
    const kept: string[] = [];
    let code = '';
    for (let index = 0; index < 20 && !code; index++) {
      const bytes = crypto.getRandomValues(new Uint8Array(65_536));
      const large = new Uint8Array(1_000_000);
      for (let at = 0; at + bytes.length <= large.length; at += bytes.length) large.set(bytes, at);
      const path = `${index}.bin`;
      await run.logArtifact(path, large).then(
        () => kept.push(path),
        (error) => {
          code = error.code;
        },
      );
    }
    const { artifacts } = await workspace.run(run.id);
    await workspace.check();
    return { told, code, kept, artifacts: artifacts.map(({ path }) => path), id: run.id };
  });
  assert.equal(found.told, 1);
  assert.equal(found.code, 'workspace_full');
  assert.ok(found.kept.length > 0);
  assert.deepEqual(found.artifacts.sort(), found.kept.sort());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await page.evaluate(async (id) => {
    await workspace.check();
    await workspace.tagRun(id, { room: 'again' });
  }, found.id);
  await page.close();
});

test('without private files there is a reason and a way on', async () => {
  const page = await tabs.open();
  const found = await page.evaluate(async () => {
    Object.defineProperty(navigator, 'storage', { value: undefined });
    const refused = await openWorkspace({}).catch(({ code, message }) => ({ code, message }));
    globalThis.workspace = await openWorkspace({ memory: true });
    await (await workspace.startRun()).end();
    return { refused, total: (await workspace.runs()).total };
  });
  assert.equal((found.refused as unknown as { code: string }).code, 'no_private_files');
  assert.equal(found.total, 1);
  await page.close();
});

test("a push that the page's own policy does not allow says so", async () => {
  const page = await tabs.open();
  await openIn(page, 'push');
  const error = await page.evaluate(async () => {
    await (await workspace.startRun()).end();
    return workspace.push('https://mlflow.example.org').then(
      () => undefined,
      ({ code, message }) => ({ code, message }),
    );
  });
  assert.equal(error?.code, 'mlflow_blocked');
  assert.match(error?.message ?? '', /Content-Security-Policy .* connect-src/);
  await page.close();
});

test('the pages had nothing to complain of', () => {
  assert.deepEqual(tabs.problems, []);
});
