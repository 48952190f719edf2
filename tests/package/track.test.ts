/** Workspaces in Node: a file that several processes keep runs in. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Run } from 'hedgerow/track';
import { dependency, type Installed, install } from './support/installed.js';
import { run, succeed } from './support/run.js';
import { runtimes } from './support/runtimes.js';
import { rows } from './support/sqlite.js';

interface Read {
  runs: Run[];
  total: number;
  points: number;
}

let installed: Installed;
let track: typeof import('hedgerow/track');
before(async () => {
  installed = await install();
  const entry = join(installed.folder, 'node_modules/hedgerow/dist/track/index.js');
  track = await import(pathToFileURL(entry).href);
});
after(() => installed.remove());

const file = (name: string) => join(installed.folder, `${name}.sqlite`);
const keep = async (path: string, runs: number, end = 'end'): Promise<string[]> =>
  JSON.parse(await succeed('node', ['track-runs.mjs', path, String(runs), end], installed.folder));
/** The code of the error that a promise rejects with. */
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    ({ code }) => code,
  );
const read = async (path: string): Promise<Read> =>
  JSON.parse(await succeed('node', ['track-read.mjs', path], installed.folder));

test('a run is kept, and read back by another process and by another SQLite', async () => {
  const path = file('kept');
  const [id] = await keep(path, 1);
  const { runs, points } = await read(path);
  const [found] = runs;
  assert.equal(found?.id, id);
  assert.equal(found?.status, 'FINISHED');
  assert.equal(found?.experiment, 'Ü & 実験');
  assert.deepEqual(found?.params, { depth: '0', learner: 'random-forest' });
  assert.equal(found?.tags.kind, 'test');
  assert.deepEqual(
    found?.metrics.map(({ key, value, step }) => [key, value, step]),
    [
      ['loss', 1 / 50, 49],
      ['odd', '-Infinity', 0],
    ],
  );
  assert.equal(points, 50);
  assert.deepEqual(await rows(path, 'PRAGMA integrity_check'), [['ok']]);
  assert.deepEqual(await rows(path, 'SELECT status FROM runs'), [['FINISHED']]);
  assert.ok(!existsSync(`${path}.lock`));
});

for (const [name, command] of Object.entries(runtimes)) {
  test(`a workspace is the same in ${name}`, async () => {
    const path = file(`in-${name}`);
    const [program, args] = command('track-runs.mjs', path, '2');
    const allowed = args.flatMap((arg) =>
      arg === '--allow-read' ? ['--allow-read', '--allow-write', '--allow-sys', '--allow-run'] : [arg],
    );
    const ids: string[] = JSON.parse(await succeed(program, allowed, installed.folder));
    const { runs } = await read(path);
    assert.deepEqual(runs.map(({ id }) => id).reverse(), ids);
    assert.deepEqual(await rows(path, 'PRAGMA integrity_check'), [['ok']]);
  });
}

test('experiments are listed with their runs; a child run is in the experiment of its parent', async () => {
  const workspace = await track.openWorkspace({ memory: true });
  for (const experiment of ['first', 'second', 'second']) {
    const run = await workspace.startRun({ experiment });
    const child = await run.child({ name: 'part' });
    assert.equal((await workspace.run(child.id)).experiment, experiment);
    await child.end();
    await run.end();
  }
  const found = await workspace.experiments();
  assert.deepEqual(
    found.map(({ name, runs }) => [name, runs]),
    [
      ['second', 2],
      ['first', 1],
    ],
  );
  const [last] = (await workspace.runs({ experiment: 'second', parent: '', limit: 1 })).runs;
  assert.equal(found[0]?.lastStart, last?.started);
  await workspace.close();
});

test('processes that keep runs at once all keep theirs', async () => {
  const path = file('at-once');
  const ids = (await Promise.all([keep(path, 15), keep(path, 15), keep(path, 15)])).flat();
  const { runs, total } = await read(path);
  assert.equal(total, 45);
  assert.deepEqual(new Set(runs.map(({ id }) => id)), new Set(ids));
  assert.ok(runs.every(({ status }) => status === 'FINISHED'));
});

test('workspaces of one process see what the others write', async () => {
  const path = file('two');
  await using one = await track.openWorkspace({ path });
  await using other = await track.openWorkspace({ path });
  for (let index = 0; index < 5; index++) {
    await (await one.startRun()).end();
    assert.equal((await other.runs()).total, 2 * index + 1);
    await (await other.startRun()).end();
    assert.equal((await one.runs()).total, 2 * index + 2);
  }
});

test('the lock of a process that is gone is taken, also by several at once', async () => {
  const path = file('stale');
  const gone = spawn('node', ['-e', '']);
  await once(gone, 'exit');
  await writeFile(`${path}.lock`, JSON.stringify({ pid: gone.pid, host: hostname() }));
  await Promise.all([keep(path, 3), keep(path, 3)]);
  assert.equal((await read(path)).total, 6);
});

test('a lock that is held is waited for, then named', async () => {
  const path = file('held');
  await writeFile(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));
  const error = await track.openWorkspace({ path }).catch((error) => error);
  assert.equal(error.code, 'workspace_busy');
  assert.match(error.message, new RegExp(String(process.pid)));
});

test('runs of a process that was killed are ended as failed, and those that ended stay', async () => {
  const path = file('killed');
  const child = spawn('node', ['track-runs.mjs', path, '2', 'wait'], { cwd: installed.folder });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await keep(path, 1);
  const { runs } = await read(path);
  assert.deepEqual(runs.map(({ status }) => status).sort(), ['FAILED', 'FAILED', 'FINISHED']);
  const failed = runs.filter(({ status }) => status === 'FAILED');
  assert.ok(failed.every(({ tags }) => tags['hedgerow.interrupted'] === 'true'));
  assert.ok(failed.every(({ metrics }) => metrics.length === 2));
});

test('a file that may grow no more keeps what was acknowledged, and takes more when it may', async () => {
  const path = file('full');
  const [first] = await keep(path, 1);
  // What a limit of a file's size makes fail is a write, as on a full disk; Node ignores the signal.
  const blocks = Math.floor((statSync(path).size + 100_000) / 512);
  const limited = `ulimit -f ${blocks}; exec node track-full.mjs '${path}'`;
  const told = JSON.parse(await succeed('sh', ['-c', limited], installed.folder));
  assert.equal(told.code, 'workspace_full');
  assert.match(told.message, /Free some space/);
  assert.ok(told.kept.length > 0);
  assert.deepEqual(told.artifacts, told.kept.sort());
  assert.equal(told.last, told.points - 1);
  assert.ok(!existsSync(`${path}.lock`));
  await using workspace = await track.openWorkspace({ path });
  await workspace.check();
  await workspace.verify();
  const { artifacts, status } = await workspace.run(told.run);
  assert.deepEqual([artifacts.length, status], [told.kept.length, 'FAILED']);
  const run = await workspace.startRun();
  await run.logArtifact('large.bin', new Uint8Array(200_000));
  await run.end();
  assert.deepEqual(
    (await workspace.runs({ filter: "status = 'FINISHED'" })).runs.map(({ id }) => id),
    [run.id, first],
  );
  assert.deepEqual(await rows(path, 'PRAGMA integrity_check'), [['ok']]);
});

test('what is no workspace, or a later one, is refused by code and left as it is', async () => {
  for (const [name, make, code] of [
    ['text', (path: string) => writeFile(path, 'species,mass\nAdelie,3750\n'.repeat(100)), 'not_a_workspace'],
    ['other', (path: string) => rows(path, 'CREATE TABLE cats (name TEXT)'), 'not_a_workspace'],
    ['later', later, 'workspace_later_version'],
  ] as const) {
    const path = file(name);
    await make(path);
    const bytes = await readFile(path);
    const error = await track.openWorkspace({ path }).catch((error) => error);
    assert.equal(error.code, code, `${name}: ${error.message}`);
    assert.ok(bytes.equals(await readFile(path)), name);
    assert.ok(!existsSync(`${path}.lock`));
    await using workspace = await track.openWorkspace({ memory: true });
    const refused = await workspace.merge(bytes).catch((error) => error);
    assert.equal(refused.code, code, `merging ${name}: ${refused.message}`);
  }
});

async function later(path: string): Promise<void> {
  await keep(path, 1);
  await rows(path, 'PRAGMA user_version = 99');
}

test('a download opens in another SQLite, merges into another workspace, and twice changes nothing', async () => {
  const path = file('downloaded');
  await using workspace = await track.openWorkspace({ memory: true, author: 'Zoë' });
  const run = await workspace.startRun({ name: 'a' });
  await run.logArtifact('model.safetensors', new Uint8Array([1, 2, 3]));
  await run.end();
  await workspace.register({ name: 'penguins', run: run.id });
  await workspace.promote('penguins', 1, 'champion', 'the first');
  await writeFile(path, await workspace.download());
  assert.deepEqual(await rows(path, 'PRAGMA integrity_check'), [['ok']]);
  await using other = await track.openWorkspace({ memory: true });
  const bundle = await workspace.bundle({ models: ['penguins'] });
  assert.deepEqual(await other.merge(bundle), { runs: 1, datasets: 0, versions: 1 });
  assert.deepEqual(await other.merge(bundle), { runs: 0, datasets: 0, versions: 0 });
  assert.equal((await other.version('penguins/1')).run, run.id);
  assert.deepEqual([...(await other.versionBytes('penguins'))], [1, 2, 3]);
  assert.equal((await workspace.audit())[0]?.author, 'Zoë');
});

test('what cannot be logged is refused, at once or by the next flush', async () => {
  await using workspace = await track.openWorkspace({ memory: true });
  const run = await workspace.startRun();
  for (const [key, value] of [
    ['', 1],
    ['x'.repeat(251), 1],
    ['a', 'b'],
  ] as [string, number][]) {
    assert.throws(() => run.logMetric(key, value), { code: 'bad_value' });
  }
  assert.equal(await codeOf(run.logParams({ a: 'x'.repeat(6001) })), 'too_long');
  await run.logParams({ a: 1 });
  assert.equal(await codeOf(run.logParams({ a: 2 })), 'param_changed');
  await run.end();
  const other = await workspace.startRun();
  await other.end();
  other.logMetric('late', 1);
  assert.equal(await codeOf(other.flush()), 'run_ended');
});

test('any number of points waits while none can be saved, and a wrong parameter keeps none from it', async () => {
  const workspace = await track.openWorkspace({ memory: true });
  const run = await workspace.startRun({ params: { depth: 3 } });
  run.logMetric('loss', 1);
  assert.equal(await codeOf(run.logParams({ depth: 4 })), 'param_changed');
  assert.equal((await workspace.series(run.id, 'loss')).points.length, 1);
  await run.end();
  for (let step = 0; step < 200_000; step++) run.logMetric('late', step, { step });
  for (let time = 0; time < 2; time++) assert.equal(await codeOf(run.flush()), 'run_ended');
  await workspace.close();
  assert.equal(await codeOf(workspace.runs()), 'workspace_closed');
});

for (const module of ['bundler', 'NodeNext']) {
  test(`the entry is typed for ${module}`, async () => {
    const compilerOptions = {
      lib: ['ES2022', 'DOM'],
      module: module === 'bundler' ? 'ESNext' : module,
      moduleResolution: module,
      target: 'ES2022',
      strict: true,
      noUncheckedIndexedAccess: true,
      types: [],
      noEmit: true,
    };
    const config = { compilerOptions, files: ['track.ts'] };
    await writeFile(join(installed.folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(dependency('typescript'), 'bin/tsc');
    const { code, stdout } = await run('node', [tsc, '-p', '.'], installed.folder);
    assert.equal(code, 0, stdout);
  });
}
