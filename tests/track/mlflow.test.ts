/**
 * A workspace handed on to a real MLflow server, and taken back. Python with the packages of
 * `mlflow/requirements.txt` is in `MLFLOW_PYTHON`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, type Server } from '../edge/support/servers.js';
import { run, succeed } from '../package/support/run.js';
import {
  cli,
  freePort,
  proxyOf,
  python,
  type State,
  script,
  startMlflow,
  stateOf,
  variables,
} from './mlflow/server.js';
import { EXPERIMENT as experiment, makeWorkspace, table } from './mlflow/workspace.js';

let folder: string;
let mlflow: Server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-mlflow-'));
  await writeFile(join(folder, 'table.csv'), table(300, ['clerk', 'chef']));
  await writeFile(join(folder, 'rows.csv'), table(120, ['zebra', 'cleric']));
  const columns = ['--features', 'size', 'age', 'member', 'job', 'since', '--test-size', '0'];
  await succeed(
    cli,
    ['train', 'table.csv', '--target', 'level', ...columns, '--out', 'level.safetensors'],
    folder,
  );
  const path = (name: string) => join(folder, name);
  await makeWorkspace(path('new.sqlite'), path('level.safetensors'), path('table.csv'));
  for (const name of ['ws.sqlite', 'cut.sqlite']) await copyFile(path('new.sqlite'), path(name));
  mlflow = await startMlflow(folder);
});
after(async () => {
  await mlflow?.stop();
  await rm(folder, { recursive: true, force: true });
});

const push = async (url: string, file = 'ws.sqlite') =>
  JSON.parse(await succeed(cli, ['--json', 'push', '--to', url, '--models', '--track', file], folder));
const pull = async (file: string) => {
  const args = ['--json', 'pull', '--from', mlflow.url, '--experiment', experiment, '--track', file];
  return JSON.parse(await succeed(cli, args, folder));
};

const state = (url = mlflow.url): Promise<State> => stateOf(url, folder);

test('a workspace is at the server after a push, and a second push changes nothing', async () => {
  const first = await push(mlflow.url);
  assert.deepEqual([first.runs, first.points, first.versions], [5, 10_040, 3]);
  const before = await state();
  const runs = before.experiments[experiment] ?? [];
  assert.deepEqual(runs.map((one) => one.status).sort(), ['FAILED', 'FINISHED', 'FINISHED', 'KILLED']);
  const named = (name: string) => runs.find((one) => one.name === name) ?? assert.fail(`no run ${name}`);
  const tuning = named('tuning');
  assert.equal(Object.keys(tuning.params).length, 234);
  assert.equal(tuning.metrics.loss?.length, 2_500);
  assert.equal(tuning.metrics.loss?.[7]?.[2], 'nan');
  assert.equal(tuning.inputs[0]?.[4], 'test, train');
  assert.equal(tuning.tags['mlflow.user'], 'Ada');
  assert.equal(named('trial 1').tags['mlflow.parentRunId'], tuning.id);
  const apples = before.models.apples;
  assert.deepEqual(apples?.aliases, { champion: '1' });
  assert.equal(apples?.versions[0]?.tags.stage, 'live');
  const second = await push(mlflow.url);
  assert.deepEqual([second.changes, second.runs, second.files], [0, 0, 0]);
  assert.deepEqual(await state(), before);
});

test('what was pushed comes back, once', async () => {
  const first = await pull('back.sqlite');
  assert.deepEqual([first.runs, first.points, first.versions], [4, 10_040, 2]);
  const second = await pull('back.sqlite');
  assert.deepEqual([second.runs, second.points, second.versions], [0, 0, 0]);
});

test('MLflow predicts with a registered model as Hedgerow does', async (context) => {
  const predicted = await succeed(cli, ['predict', 'level.safetensors', 'rows.csv', '--proba'], folder);
  await writeFile(join(folder, 'predicted.csv'), predicted);
  for (const uri of ['models:/apples/1', 'models:/apples@champion', 'models:/apples/2']) {
    const args = [script('predict'), mlflow.url, uri, 'rows.csv', 'predicted.csv'];
    const found = JSON.parse(await succeed(python, args, folder));
    context.diagnostic(`${uri}: ${found.difference}, ${found.labels} other labels`);
    assert.ok(found.difference < 1e-12);
    assert.equal(found.labels, 0);
    const [number, text] = ['double', 'string'];
    const types = { size: number, age: number, member: text, job: text, since: text };
    assert.deepEqual(found.columns, types);
    assert.deepEqual(found.inputs.sort(), Object.keys(types).sort());
  }
});

test('`mlflow models serve` answers, to JSON and to CSV', async () => {
  const port = await freePort();
  const args = ['models', 'serve', '--model-uri', 'models:/apples/1', '--env-manager', 'local'];
  const listen = ['--host', '127.0.0.1', '--port', `${port}`];
  const serving = await launch([python, '-m', 'mlflow', ...args, ...listen], folder, /Uvicorn running on/, {
    ...variables,
    MLFLOW_TRACKING_URI: mlflow.url,
  });
  const invoke = async (type: string, body: string) => {
    const headers = { 'content-type': type };
    const url = `http://127.0.0.1:${port}/invocations`;
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text).predictions as Record<string, unknown>[];
  };
  try {
    const columns = ['size', 'age', 'member', 'job', 'since'];
    const data = [
      [5, null, true, 'zebra', '2001-02-03'],
      [7.5, 30, null, null, null],
      [9, 31, false, 'chef', '2010-11-12'],
    ];
    const csv = [columns, ...data].map((row) => row.join()).join('\n');
    await writeFile(join(folder, 'few.csv'), csv);
    const kinds = ['size=number', 'age=number', 'member=boolean', 'job=category', 'since=date'];
    const typed = kinds.flatMap((kind) => ['--type', kind]);
    const own = JSON.parse(
      await succeed(cli, ['--json', 'predict', 'level.safetensors', 'few.csv', '--proba', ...typed], folder),
    );
    const records = data.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    for (const [type, body] of [
      ['application/json', JSON.stringify({ dataframe_split: { columns, data } })],
      ['application/json', JSON.stringify({ dataframe_records: records })],
      ['text/csv', csv],
    ] as const) {
      const predictions = await invoke(type, body);
      assert.equal(predictions.length, own.length);
      predictions.forEach((row, at) => {
        assert.equal(row['level.predicted'], own[at]['level.predicted'], type);
        const off = Number(row['probability.high']) - Number(own[at]['probability.high']);
        assert.ok(Math.abs(off) < 1e-12, type);
      });
    }
  } finally {
    await serving.stop();
  }
});

test('a push whose process is killed goes on where it was, and nothing is there twice', async () => {
  const whole = shape(await state());
  const other = await startMlflow(folder);
  let last = 0;
  let arrives = false;
  let kill = () => {};
  const proxy = await proxyOf(other.url, (number) => {
    if (number < last) return 'pass';
    // What arrives has been done when its answer is not waited for any more.
    setTimeout(kill, arrives ? 300 : 0);
    return arrives ? 'swallow' : 'drop';
  });
  try {
    const args = ['push', '--to', proxy.url, '--models', '--track', 'cut.sqlite'];
    for (let round = 0; round < 12; round++) {
      [last, arrives] = [[1, 2, 5, 9][round % 4] ?? 0, round % 3 !== 2];
      proxy.restart();
      const child = spawn(cli, args, { cwd: folder });
      kill = () => child.kill('SIGKILL');
      await once(child, 'exit');
    }
    last = Number.POSITIVE_INFINITY;
    await push(proxy.url, 'cut.sqlite');
    assert.deepEqual(shape(await state(other.url)), whole);
    assert.equal((await push(proxy.url, 'cut.sqlite')).changes, 0);
  } finally {
    proxy.close();
    await other.stop();
  }
});

/** A state with our ids for the server's, and without times of its own. */
function shape(from: State): unknown {
  const runs = Object.values(from.experiments).flat();
  let text = JSON.stringify(from, (key, value) => (key === 'updated' ? undefined : value));
  for (const { id, tags } of runs) {
    text = text.replaceAll(id, tags['hedgerow.run_id'] ?? tags['hedgerow.version_id'] ?? '');
  }
  const shaped: State = JSON.parse(text);
  for (const list of Object.values(shaped.experiments)) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return shaped;
}

test('a server that refuses is told apart by a code', async () => {
  const answers: [number, Record<string, string>, string, string][] = [
    [401, {}, '', 'mlflow_unauthorized'],
    [403, {}, '{"error_code":"PERMISSION_DENIED","message":"no"}', 'mlflow_forbidden'],
    [404, {}, '<h1>Not Found</h1>', 'mlflow_not_found'],
    [200, {}, '<h1>Log in</h1>', 'mlflow_answer'],
    [429, { 'retry-after': '0' }, '', 'mlflow_busy'],
    [500, { 'retry-after': '0' }, '{"error_code":"INTERNAL_ERROR","message":"no"}', 'mlflow_server'],
  ];
  let asked: string | undefined;
  for (const [status, headers, body, code] of answers) {
    const refusing = createServer((incoming, outgoing) => {
      asked = incoming.headers.authorization;
      outgoing.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => refusing.once('listening', resolve));
    const { port } = refusing.address() as AddressInfo;
    const args = ['--json', 'push', '--to', `http://127.0.0.1:${port}`, '--track', 'ws.sqlite'];
    const told = await run(cli, args, folder, { env: { MLFLOW_TRACKING_TOKEN: 'secret' } });
    assert.equal(told.code, 7);
    assert.equal(JSON.parse(told.stderr).error.code, code);
    refusing.closeAllConnections();
    refusing.close();
  }
  assert.equal(asked, 'Bearer secret');
});
