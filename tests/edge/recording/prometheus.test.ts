/** A real Prometheus scrapes a real worker, by the configuration that is exported with it, and alerts by its rules. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { succeed } from '../../package/support/run.js';
import { answered, post } from '../support/asking.js';
import { cli, type Models, models } from '../support/exports.js';
import { launch, type Running, type Server, serve } from '../support/servers.js';

const folderOfPrograms = process.env.PROMETHEUS ?? '/usr/bin';
const program = (name: string) => join(folderOfPrograms, name);

let made: Models;
let folder: string;
let server: Server;
before(async () => {
  made = await models();
  folder = await (await made.trained('watched')).exported('node');
  const rules = JSON.stringify([
    { name: 'no mass', figure: 'missing_share', columns: ['body_mass_g'], above: 0.5, minRows: 10 },
  ]);
  server = await serve('node', folder, { HEDGEROW_FLUSH_SECONDS: '0.1', HEDGEROW_RULES: rules });
  const [row] = (await made.trained('watched')).rows;
  const rows = Array.from({ length: 150 }, () => ({ ...row, body_mass_g: null, island: 'Atlantis' }));
  const asked = await post(`${server.url}/invocations`, { dataframe_records: rows }, { 'x-request-id': 'a' });
  assert.equal(asked.status, 200);
  const labels = ['Adelie', 'Gentoo', 'Adelie', 'Chinstrap'].map((label, row) => ({ id: 'a', row, label }));
  await answered(post(`${server.url}/feedback`, { feedback: labels }));
});
after(async () => {
  await server.stop();
  await made.remove();
});

function promtool(args: string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program('promtool'), args, { input, encoding: 'utf8' });
  assert.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** What is exported, with the worker's port, and no time to wait. */
async function configured(): Promise<string> {
  const at = await mkdtemp(join(made.folder, 'prometheus-'));
  const text = await readFile(join(folder, 'monitoring/prometheus.yml'), 'utf8');
  assert.match(text, /targets: \["127\.0\.0\.1:8000"\]/);
  const here = text.replace('127.0.0.1:8000', new URL(server.url).host).replaceAll('15s', '1s');
  await writeFile(join(at, 'prometheus.yml'), here);
  const rules = await readFile(join(folder, 'monitoring/alerts.yml'), 'utf8');
  await writeFile(join(at, 'alerts.yml'), rules.replace(/for: \d+m/g, 'for: 0s'));
  return at;
}

test('promtool finds nothing wrong with the configuration, the rules and the metrics', async () => {
  promtool(['check', 'rules', join(folder, 'monitoring/alerts.yml')]);
  promtool(['check', 'config', join(folder, 'monitoring/prometheus.yml')]);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  assert.equal(promtool(['check', 'metrics'], text), '');
});

test('nor with those of a router', async () => {
  const [one, other] = [await made.trained('watched'), await made.trained('watched-challenger')];
  const at = join(made.folder, 'routed');
  await succeed(cli, ['export', one.file, '--to', 'router', '--with', other.file, '--out', at], made.folder);
  promtool(['check', 'rules', join(at, 'monitoring/router-alerts.yml')]);
  promtool(['check', 'config', join(at, 'monitoring/prometheus.yml')]);
  const named =
    (await readFile(join(at, 'monitoring/router-alerts.yml'), 'utf8')).match(/hedgerow_router_\w+/g) ?? [];
  const router = await serve('node', at);
  try {
    const text = await (await fetch(`${router.url}/metrics`)).text();
    assert.equal(promtool(['check', 'metrics'], text), '');
    assert.ok(named.length > 0);
    for (const name of named) assert.ok(text.includes(`# TYPE ${name} `), name);
  } finally {
    await router.stop();
  }
});

/** Samples by the value of one of their labels. */
async function asked(url: string, query: string, label: string): Promise<Record<string, number>> {
  const path = `${url}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = await answered<{
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  }>(fetch(path));
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]));
}

async function until<T>(ask: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  const last = Date.now() + 60_000;
  for (;;) {
    const found = await ask();
    if (holds(found)) return found;
    assert.ok(Date.now() < last, JSON.stringify(found));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Every query of a dashboard, with its variables. */
async function queriesOf(dashboard: string, version: string): Promise<string[]> {
  const { panels } = JSON.parse(await readFile(dashboard, 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  return queries.map((query) => query.replaceAll('$model', 'watched').replaceAll('$version', version));
}

test('Prometheus reads the figures, its alerts fire, and every query of the dashboard has an answer', async (context) => {
  const at = await configured();
  const flags = [`--config.file=${join(at, 'prometheus.yml')}`, `--storage.tsdb.path=${join(at, 'data')}`];
  const port = 20_000 + (process.pid % 20_000);
  const command = [program('prometheus'), ...flags, `--web.listen-address=127.0.0.1:${port}`] as const;
  const prometheus: Running = await launch([...command], at, /Server is ready to receive web requests/);
  const url = `http://127.0.0.1:${port}`;
  try {
    const drifted = await until(
      () => asked(url, 'hedgerow_drift_detected{role="feature"}', 'column'),
      (found) => Object.keys(found).length > 0,
    );
    assert.equal(drifted.island, 1);
    assert.equal((await asked(url, 'hedgerow_missing_ratio', 'column')).body_mass_g, 1);
    assert.equal((await asked(url, 'hedgerow_new_words_ratio', 'column')).island, 1);
    assert.deepEqual(await asked(url, 'hedgerow_profile_rows', 'name'), { watched: 150 });
    await until(
      () => asked(url, 'hedgerow_feedback_labels_total', 'status'),
      ({ counted }) => counted === 4,
    );
    assert.deepEqual(await asked(url, 'hedgerow_alarm', 'rule'), { 'no mass': 1 });
    const accuracy = await asked(url, 'hedgerow_feedback_accuracy_ratio', 'name');
    assert.ok(Number(accuracy.watched) > 0 && Number(accuracy.watched) < 1, `${accuracy.watched}`);
    const firing = await until(
      () => asked(url, 'ALERTS{alertstate="firing"}', 'alertname'),
      (found) => Object.keys(found).length >= 4,
    );
    for (const name of [
      'HedgerowRuleBroken',
      'HedgerowDataDrift',
      'HedgerowMissingValues',
      'HedgerowNewWords',
    ]) {
      assert.equal(firing[name], 1, name);
    }
    assert.ok(!('HedgerowErrors' in firing));
    const { version } = await answered<{ version: string }>(fetch(`${server.url}/model`));
    let empty = 0;
    for (const query of await queriesOf(join(folder, 'monitoring/dashboard.json'), version)) {
      const found = await asked(url, query, 'name');
      if (Object.keys(found).length === 0) {
        empty += 1;
        context.diagnostic(`nothing: ${query}`);
      }
    }
    // What there is of models that predict numbers.
    assert.ok(empty <= 3, `${empty} queries have no answer`);
  } finally {
    await prometheus.stop();
  }
});
