/** New rows beside training rows: the package and the command line say the same, in every runtime. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Model, Table } from 'hedgerow';
import type { MonitorReport, Rule, Segment } from 'hedgerow/monitor';
import { serve } from '../edge/support/servers.js';
import { type App, openApp } from './support/browser.js';
import { type Installed, install } from './support/installed.js';
import { run, succeed } from './support/run.js';
import { runtimes } from './support/runtimes.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

type Hedgerow = typeof import('hedgerow');
type Monitoring = typeof import('hedgerow/monitor');

/** What the programs tell. */
interface Monitored {
  sha256: string;
  profile: string;
  findings: { code: string; column: string }[];
  report: MonitorReport;
  segments: Segment[];
}

const learner = { kind: 'random-forest', nEstimators: 5 } as const;

let installed: Installed;
let app: App;
let hedgerow: Hedgerow;
let monitoring: Monitoring;
let table: Table;
let later: string;
let model: Model;

before(async () => {
  installed = await install();
  app = await openApp(installed);
  hedgerow = await installed.load();
  const entry = join(installed.folder, 'node_modules/hedgerow/dist/monitor/index.js');
  monitoring = await import(pathToFileURL(entry).href);
  const csv = await readFile(join(installed.folder, 'penguins.csv'), 'utf8');
  later = heavier(csv);
  await writeFile(join(installed.folder, 'later.csv'), later);
  table = await hedgerow.Table.fromCsv(csv);
  model = await hedgerow.train(table, { target: 'species', learner, profile: true });
});
after(async () => {
  await app?.browser.close();
  app?.server.close();
  await installed?.remove();
});

/** Penguins that put on a fifth, some on an island that nobody knew; their bills were not measured any more. */
function heavier(csv: string): string {
  const [head = '', ...rows] = csv.trim().split('\n');
  const names = head.split(',');
  const change: Record<string, (cell: string, row: number) => string> = {
    body_mass_g: (cell) => (cell === '' ? '' : String(Math.round(Number(cell) * 1.2))),
    island: (cell, row) => (row % 4 === 0 ? 'Ross' : cell),
    bill_depth_mm: () => '',
  };
  const changed = rows.map((line, row) =>
    line
      .split(',')
      .map((cell, place) => change[names[place] ?? '']?.(cell, row) ?? cell)
      .join(','),
  );
  return [head, ...changed].join('\n');
}

async function onCommandLine(...args: string[]): Promise<Monitored['report']> {
  const { code, stdout } = await run(cli, ['--json', 'monitor', 'check', ...args], installed.folder);
  assert.ok(code === 0 || code === 3, stdout);
  return JSON.parse(stdout);
}

function trainedByCommand(...more: string[]): Promise<string> {
  const args = [
    'train',
    'penguins.csv',
    '--target',
    'species',
    '--test-size',
    '0',
    '--set',
    'n_estimators=5',
  ];
  return succeed(cli, [...args, '--learner', 'random-forest', ...more, '--out', 'm'], installed.folder);
}

test('a model with a training profile is the file that the command line makes', async () => {
  await trainedByCommand();
  assert.deepEqual(Buffer.from(model.save()), await readFile(join(installed.folder, 'm')));
  assert.ok(model.info.profiled);
  assert.ok(hedgerow.Model.load(model.save()).info.profiled);
  const here = await hedgerow.train(table, { target: 'species', learner, profile: true, workers: 0 });
  assert.equal(here.sha256, model.sha256);
  const plain = await hedgerow.train(table, { target: 'species', learner });
  assert.equal(plain.info.profiled, false);
  assert.notEqual(plain.sha256, model.sha256);
});

test('a profile is of the model as it is adjusted', async () => {
  const options = { target: 'species', learner, profile: true } as const;
  const calibrated = await hedgerow.train(table, { ...options, calibrate: 'sigmoid' });
  await trainedByCommand('--calibrate', 'sigmoid');
  assert.deepEqual(Buffer.from(calibrated.save()), await readFile(join(installed.folder, 'm')));
});

test('how good a model is for rows kept out of training is in its file, too', async () => {
  const { train: fit, test: heldOut } = table.split({ testSize: 0.25, seed: 7 });
  const kept = await hedgerow.train(fit, { target: 'species', learner, seed: 7, profile: { heldOut } });
  const args = ['train', 'penguins.csv', '--target', 'species', '--learner', 'random-forest'];
  const how = ['--set', 'n_estimators=5', '--test-size', '0.25', '--seed', '7', '--out', 'm'];
  await succeed(cli, [...args, ...how], installed.folder);
  assert.deepEqual(Buffer.from(kept.save()), await readFile(join(installed.folder, 'm')));
  const watch = await monitoring.Monitor.of(kept);
  const { profile } = await watch.profile(heldOut);
  const { performance, estimatedPerformance } = watch.report(profile);
  const accuracy = performance?.metrics.find(({ name }) => name === 'accuracy');
  const { metrics } = await kept.evaluate(heldOut, { importance: false });
  assert.equal(accuracy?.value, 'accuracy' in metrics ? metrics.accuracy : undefined);
  assert.equal(accuracy?.reference, accuracy?.value);
  assert.ok(accuracy?.band && accuracy.band[0] < accuracy.value);
  assert.equal(estimatedPerformance?.rows, heldOut.numRows);
});

test('windows are told by the last of them, and rules know those before', async () => {
  const watch = await monitoring.Monitor.of(model);
  const [before, after] = [table, await hedgerow.Table.fromCsv(later)];
  const profiles = [await watch.profile(before), await watch.profile(after)].map(({ profile }) => profile);
  const rules: Rule[] = [
    { name: 'heavier', figure: 'mean', columns: ['body_mass_g'], change: 'previous', above: 500 },
  ];
  const last = watch.report(profiles, { rules, windows: true });
  assert.equal(last.rows, after.numRows);
  assert.deepEqual(
    last.alarms.map(({ rule }) => rule),
    ['heavier'],
  );
  assert.deepEqual(watch.report(profiles, { rules }).alarms, []);
  await writeFile(join(installed.folder, 'model.safetensors'), model.save());
  await writeFile(join(installed.folder, 'rules.json'), JSON.stringify(rules));
  const files = ['model.safetensors', 'penguins.csv', 'later.csv', '--windows', '--rules', 'rules.json'];
  assert.deepEqual((await onCommandLine(...files)).alarms, last.alarms);
});

test('tables may be freed while a model with a profile is trained', async () => {
  const { train: fit, test: heldOut } = table.split({ testSize: 0.25, seed: 7 });
  const options = { target: 'species', learner, seed: 7, profile: { heldOut } } as const;
  const expected = await hedgerow.train(fit, options);
  const training = hedgerow.train(fit, options);
  fit.free();
  heldOut.free();
  assert.equal((await training).sha256, expected.sha256);
});

test('a recipe tells of a profile only where there is one', () => {
  assert.equal(hedgerow.recipe(table, { target: 'species', profile: true }).profile, true);
  assert.ok(!('profile' in hedgerow.recipe(table, { target: 'species' })));
});

test('training tells when the rows are counted, and can be cancelled then', async () => {
  const controller = new AbortController();
  const phases: string[] = [];
  const training = hedgerow.train(table, {
    target: 'species',
    learner,
    profile: true,
    signal: controller.signal,
    onProgress: ({ phase }) => {
      phases.push(phase);
      if (phase === 'profile') controller.abort(new Error('enough'));
    },
  });
  await assert.rejects(training, { message: 'enough' });
  assert.equal(phases.at(-1), 'profile');
});

test('the command line, Node, Deno, Bun and Chromium find the same in new rows', async () => {
  await writeFile(join(installed.folder, 'model.safetensors'), model.save());
  const expected = await onCommandLine('model.safetensors', 'later.csv');
  const drifted = expected.columns.filter((column) => column.drifted).map(({ name }) => name);
  assert.ok(drifted.includes('body_mass_g') && drifted.includes('island'));
  assert.ok(!drifted.includes('flipper_length_mm'));
  const all: [string, Monitored][] = [];
  for (const [name, command] of Object.entries(runtimes)) {
    const printed = await succeed(...command('print-monitored.mjs'), installed.folder);
    all.push([name, JSON.parse(printed)]);
  }
  const inPage = (workers: string) =>
    app.page.evaluate(`monitored(${JSON.stringify(later)}, ${workers})`) as Promise<Monitored>;
  all.push(['Chromium', await inPage("'auto'")], ['Chromium without workers', await inPage('0')]);
  for (const [name, { sha256, profile, findings, report, segments }] of all) {
    assert.equal(sha256, model.sha256, name);
    assert.equal(profile, all[0]?.[1].profile, name);
    // The command line tells findings of tables and values together.
    const told = { ...report, findings: [...findings, ...report.findings] };
    assert.deepEqual({ ...told, ...(segments.length > 0 && { segments }) }, expected, name);
  }
  assert.deepEqual(app.problems, []);
});

test('profiles add up to that of all rows, and are files of the command line', async () => {
  const watch = await monitoring.Monitor.of(model);
  const rows = await hedgerow.Table.fromCsv(later);
  const whole = await watch.profile(rows);
  const parts = await Promise.all([rows.slice(0, 99), rows.slice(99)].map((part) => watch.profile(part)));
  const profiles = parts.map(({ profile }) => profile);
  assert.deepEqual(watch.merge(profiles), new Uint8Array(whole.profile));
  assert.deepEqual(watch.report(profiles), watch.report(whole.profile));
  await writeFile(join(installed.folder, 'model.safetensors'), model.save());
  await succeed(
    cli,
    ['monitor', 'profile', 'model.safetensors', 'later.csv', '--out', 'l'],
    installed.folder,
  );
  assert.deepEqual(await readFile(join(installed.folder, 'l')), Buffer.from(whole.profile));
  assert.ok(await monitoring.Monitor.isProfile(whole.profile));
  assert.ok(!(await monitoring.Monitor.isProfile(new TextEncoder().encode('a,b\n1,2'))));
});

test('what the training rows look like is no drift, and no alarm', async () => {
  const watch = await monitoring.Monitor.of(model);
  const { profile, findings } = await watch.profile(table);
  const report = watch.report(profile);
  assert.deepEqual([report.drifted, report.alarms, findings], [0, [], []]);
});

test('rows stand for the profile that a model does not have', async () => {
  const plain = await hedgerow.train(table, { target: 'species', learner });
  await assert.rejects(monitoring.Monitor.of(plain), { code: 'no_training_profile' });
  const [watch, own] = await Promise.all([
    monitoring.Monitor.of(plain, { reference: table }),
    monitoring.Monitor.of(model),
  ]);
  const rows = await hedgerow.Table.fromCsv(later);
  const report = async (by: typeof watch) => by.report((await by.profile(rows)).profile);
  assert.deepEqual(await report(watch), await report(own));
  const other = table.drop(['island']);
  await assert.rejects(monitoring.Monitor.of(plain, { reference: other }), { code: 'missing_column' });
});

test('own rules and thresholds count, and what cannot be read is said', async () => {
  const watch = await monitoring.Monitor.of(model);
  const { profile } = await watch.profile(await hedgerow.Table.fromCsv(later));
  const rules: Rule[] = [{ name: 'gaps', figure: 'missing_share', columns: ['bill_depth_mm'], above: 0.9 }];
  const [alarm, ...more] = watch.report(profile, { rules }).alarms;
  assert.deepEqual([alarm?.rule, alarm?.value, more], ['gaps', 1, []]);
  assert.deepEqual(watch.report(profile, { rules: [] }).alarms, []);
  const usual = await monitoring.Monitor.defaultRules();
  assert.deepEqual(watch.report(profile, { rules: usual }), watch.report(profile));
  assert.ok(watch.report(profile, { drift: { significance: 0 } }).drifted < watch.report(profile).drifted);
  const codeOf = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      assert.ok(error instanceof monitoring.HedgerowError);
      return error.code;
    }
  };
  const odd = (part: object) => codeOf(() => watch.report(profile, part));
  assert.equal(odd({ rules: [{ name: 'none', figure: 'score' }] }), 'bad_rules');
  assert.equal(odd({ rules: [{ name: 'who', figure: 'score', columns: ['x'], above: 1 }] }), 'bad_rules');
  assert.equal(odd({ drift: { significant: 0.1 } }), 'bad_option');
  assert.equal(
    codeOf(() => watch.report([])),
    'no_rows',
  );
  assert.equal(
    codeOf(() => watch.report(profile.slice(0, 40))),
    'damaged_profile',
  );
});

test('the profile of another model is none of this one, and rows may have anything', async () => {
  const watch = await monitoring.Monitor.of(model);
  const otherModel = await hedgerow.train(table, { target: 'island', learner, profile: true });
  const other = await (await monitoring.Monitor.of(otherModel)).profile(table);
  assert.throws(() => watch.merge([other.profile]), { code: 'profile_of_another_model' });
  const odd = hedgerow.Table.fromColumns({ Island: ['a', 'b'], body_mass_g: ['x', 'y'], more: [1, 2] });
  const { findings } = await watch.profile(odd);
  const codes = new Set(findings.map(({ code }) => code));
  for (const code of ['renamed_column', 'missing_column', 'wrong_kind', 'extra_column', 'no_prediction']) {
    assert.ok(codes.has(code as 'missing_column'), code);
  }
  await assert.rejects(watch.profile(table.slice(0, 0)), { code: 'no_rows' });
  const gone = AbortSignal.abort(new Error('enough'));
  await assert.rejects(watch.profile(table, { signal: gone }), { message: 'enough' });
});

test('a service that the model was exported to has counted what its rows themselves give', async () => {
  await writeFile(join(installed.folder, 'model.safetensors'), model.save());
  const options = ['--to', 'node', '--name', 'penguins', '--out', 'service'];
  await succeed(cli, ['export', 'model.safetensors', ...options], installed.folder);
  const service = await serve('node', join(installed.folder, 'service'), { HEDGEROW_TOKEN: 's3cret' });
  try {
    const rows = table.slice(0, 120).drop(['species']);
    const answer = await fetch(`${service.url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer s3cret' },
      body: JSON.stringify({ dataframe_records: rows.toRows() }),
    });
    assert.equal(answer.status, 200);
    const watch = await monitoring.Monitor.of(model);
    await assert.rejects(watch.fetch(service.url), { code: 'service_unauthorized' });
    const served = await watch.fetch(service.url, { token: 's3cret' });
    const { profile } = await watch.profile(rows);
    assert.deepEqual(watch.report(served), watch.report(profile));
    const token = 's3cret';
    const [hour] = await watch.hours(service.url, { token });
    assert.equal(hour?.rows, 120);
    assert.deepEqual(await watch.fetch(service.url, { token, from: hour?.start }), served);
    const before = await watch.fetch(service.url, { token, to: hour?.start });
    assert.throws(() => watch.report(before), { code: 'no_rows' });
    const { findings } = watch.report([served, before, served], { windows: true });
    assert.equal(findings.at(-1)?.code, 'empty_window');
  } finally {
    await service.stop();
  }
});

/** A server that answers to `/profile` by the path before it. */
async function answering(answers: Record<string, [number, string | Uint8Array]>): Promise<[string, Server]> {
  const server = createServer(({ url = '', headers }, response) => {
    const wants = url.startsWith('/locked') && headers.authorization !== 'Bearer s3cret';
    const [status, body] = wants ? [401, ''] : (answers[url.replace('/profile', '')] ?? [404, '']);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server];
}

test('a profile comes from a service, and why it does not is said', async () => {
  const watch = await monitoring.Monitor.of(model);
  const { profile } = await watch.profile(table);
  const otherModel = await hedgerow.train(table, { target: 'island', learner, profile: true });
  const other = (await (await monitoring.Monitor.of(otherModel)).profile(table)).profile;
  const none = '{"error":"the model has no training profile.","code":"no_training_profile"}';
  const [url, server] = await answering({
    '/good': [200, profile],
    '/locked': [200, profile],
    '/other': [200, other],
    '/none': [404, none],
    '/page': [200, '<!doctype html>'],
    '/down': [503, ''],
  });
  try {
    assert.deepEqual(await watch.fetch(`${url}/good/`), new Uint8Array(profile));
    assert.deepEqual(await watch.fetch(`${url}/locked`, { token: 's3cret' }), new Uint8Array(profile));
    const codes = {
      '/locked': 'service_unauthorized',
      '/other': 'profile_of_another_model',
      '/none': 'no_training_profile',
      '/page': 'not_a_profile',
      '/down': 'service_failed',
      '/else': 'no_profile',
    };
    for (const [path, code] of Object.entries(codes)) {
      await assert.rejects(watch.fetch(url + path), { code }, path);
    }
    await assert.rejects(watch.fetch('ftp://nowhere'), { code: 'bad_address' });
  } finally {
    server.close();
    server.closeAllConnections();
  }
  await assert.rejects(watch.fetch(url), { code: 'service_unreachable' });
});

test('a page that monitors nothing loads nothing for it', async () => {
  const page = await app.browser.newPage();
  await page.goto(app.page.url());
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  await page.evaluate('tenLines(0)');
  const loaded: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').map((entry) => entry.name)",
  );
  assert.ok(!loaded.some((name) => name.includes('hedgerow_monitor')));
});

test('changes of a stream are found where river finds them', async () => {
  const golden = await readFile(new URL('../golden/monitor/stream.json', import.meta.url), 'utf8');
  const { ChangeDetector } = monitoring;
  const places = (detector: Awaited<ReturnType<typeof ChangeDetector.adwin>>, values: number[]) =>
    values.flatMap((value) => detector.update(value)?.found ?? []);
  for (const { values, adwin, pageHinkley } of JSON.parse(golden)) {
    for (const { options, found } of adwin)
      assert.deepEqual(places(await ChangeDetector.adwin(options), values), found);
    for (const { options, found } of pageHinkley)
      assert.deepEqual(places(await ChangeDetector.pageHinkley(options), values), found);
  }
  await assert.rejects(ChangeDetector.adwin({ clock: 0 }), { code: 'bad_option' });
});
