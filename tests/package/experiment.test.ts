/** A/B tests and challengers: the package and the command line say the same. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Model, Table } from 'hedgerow';
import type { Experiment } from 'hedgerow/monitor';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

let installed: Installed;
let hedgerow: typeof import('hedgerow');
let monitoring: typeof import('hedgerow/monitor');

before(async () => {
  installed = await install();
  hedgerow = await installed.load();
  const entry = join(installed.folder, 'node_modules/hedgerow/dist/monitor/index.js');
  monitoring = await import(pathToFileURL(entry).href);
});
after(() => installed?.remove());

const counts = {
  variants: {
    A: { n: 5000, successes: 500 },
    B: { n: 5020, successes: 650 },
    C: { n: 4990, successes: 510 },
  },
  control: 'A',
} satisfies Experiment;

/** Units in three groups; some have no group, some no outcome. */
function units(): string {
  const lines = ['unit,group,before,spent,bought'];
  for (let unit = 0; unit < 1200; unit += 1) {
    const group = unit % 50 === 0 ? '' : (['old', 'new', 'other'][unit % 3] ?? '');
    const before = (unit * 37) % 101;
    const spent = before / 2 + ((unit * 53) % 97) / 10 + (group === 'new' ? 3 : 0);
    const bought = unit % 41 === 0 ? '' : (unit * 29) % 100 < (group === 'new' ? 40 : 20) ? 'yes' : 'no';
    lines.push([unit, group, before, spent.toFixed(2), bought].join(','));
  }
  return `${lines.join('\n')}\n`;
}

async function onCommandLine<Found>(...args: string[]): Promise<Found> {
  return JSON.parse(await succeed(cli, ['--json', ...args], installed.folder));
}

const file = (name: string) => join(installed.folder, name);

test('counts are compared as on the command line, and add up', async () => {
  await writeFile(file('one.json'), JSON.stringify(counts));
  await writeFile(file('two.json'), JSON.stringify({ variants: { ...counts.variants } }));
  const both = [counts, { variants: counts.variants }];
  const options = { alpha: 0.01, lowerIsBetter: true };
  const { rowsLeftOut, ...report } = await onCommandLine<{ rowsLeftOut: number }>(
    ...['ab', 'compare', 'one.json', 'two.json', '--alpha', '0.01', '--lower-is-better'],
  );
  assert.equal(rowsLeftOut, 0);
  assert.deepEqual(await monitoring.compareVariants(both, options), report);
  assert.deepEqual((await monitoring.mergeCounts(both)).variants.A, { n: 10_000, successes: 1000 });
  const { comparisons } = await monitoring.compareVariants(counts);
  assert.deepEqual(
    comparisons.map(({ variant, verdict }) => [variant, verdict]),
    [
      ['B', 'better'],
      ['C', 'undecided'],
    ],
  );
});

test('rows are counted as on the command line: words, numbers and what was known before', async () => {
  await writeFile(file('units.csv'), units());
  const table = await hedgerow.Table.fromCsv(units());
  const ways: [Parameters<typeof monitoring.countVariants>[1], string[]][] = [
    [{ variant: 'group', outcome: 'bought', success: 'yes' }, ['--success', 'yes']],
    [{ variant: 'group', outcome: 'spent' }, []],
    [{ variant: 'group', outcome: 'spent', covariate: 'before' }, ['--covariate', 'before']],
  ];
  for (const [columns, more] of ways) {
    const how = ['--variant', columns.variant, '--outcome', columns.outcome, ...more];
    const { rowsLeftOut, ...told } = await onCommandLine<{ rowsLeftOut: number }>(
      ...['ab', 'compare', 'units.csv', ...how],
    );
    for (const workers of [0, 1]) {
      const found = await monitoring.countVariants(table, columns, { workers });
      assert.equal(found.leftOut, rowsLeftOut);
      assert.deepEqual(await monitoring.compareVariants(found.counts), told);
    }
  }
});

test('a test is planned as on the command line', async () => {
  const shares = { baseline: 0.1, effect: 0.02, power: 0.9, daily: 900, share: 0.5 };
  const flags = Object.entries(shares).flatMap(([name, value]) => [`--${name}`, String(value)]);
  assert.deepEqual(await monitoring.planExperiment(shares), await onCommandLine('ab', 'plan', ...flags));
  const { effect, anyTime } = await monitoring.planExperiment({ std: 2, n: 1000 });
  assert.ok(effect > 0 && anyTime == null);
});

test('what cannot be compared, counted or planned is said', async () => {
  const { compareVariants, countVariants, planExperiment } = monitoring;
  const table = await hedgerow.Table.fromCsv(units());
  await assert.rejects(compareVariants({ variants: { A: { n: 1, successes: 0 } } }), {
    code: 'bad_experiment',
  });
  await assert.rejects(compareVariants([null] as never), { code: 'bad_experiment' });
  await assert.rejects(
    compareVariants([
      counts,
      { variants: { A: { n: 1, successes: 2 }, B: { n: 1, successes: 9 } }, control: 'B' },
    ]),
    { code: 'bad_experiment' },
  );
  await assert.rejects(compareVariants(counts, { alpha: 1 }), { code: 'bad_option' });
  await assert.rejects(compareVariants(counts, { aplha: 0.1 } as never), { code: 'bad_option' });
  await assert.rejects(countVariants(table, { variant: 'unit', outcome: 'spent' }), {
    code: 'bad_experiment',
  });
  await assert.rejects(countVariants(table, { variant: 'group', outcome: 'none' }), {
    code: 'unknown_column',
  });
  await assert.rejects(planExperiment({ baseline: 0.1 }), { code: 'bad_option' });
  const gone = AbortSignal.abort(new Error('enough'));
  const columns = { variant: 'group', outcome: 'spent' };
  await assert.rejects(countVariants(table, columns, { signal: gone }), { message: 'enough' });
});

test('counts come from a router, and why they do not is said', async () => {
  const refused = '{"error":"all units are answered by the control.","code":"no_experiment"}';
  const answers: Record<string, [number, string]> = {
    '/good/experiment': [200, JSON.stringify(counts)],
    '/page/experiment': [200, '<!doctype html>'],
    '/other/experiment': [200, '{"hello":1}'],
    '/shadow/experiment': [409, refused],
  };
  const server = createServer(({ url = '' }, response) => {
    const [status, body] = answers[url] ?? [404, ''];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    assert.deepEqual(await monitoring.fetchExperiment(`${url}/good/`), counts);
    const codes = {
      page: 'not_an_experiment',
      other: 'bad_experiment',
      shadow: 'no_experiment',
      none: 'no_experiment',
    };
    for (const [path, code] of Object.entries(codes)) {
      await assert.rejects(monitoring.fetchExperiment(`${url}/${path}`), { code }, path);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('what a router has counted of its units is compared', async () => {
  const entry = join(installed.folder, 'node_modules/hedgerow/dist/router.js');
  const { createRouter }: typeof import('hedgerow/edge/router') = await import(pathToFileURL(entry).href);
  const says = (prediction: string) => async () => Response.json({ predictions: [prediction] });
  const variants = [
    { name: 'old', weight: 0.5, control: true, to: says('no') },
    { name: 'new', weight: 0.5, to: says('yes') },
  ];
  const { handle } = createRouter({ variants, experiment: 'species', cors: '*' });
  const asked = (path: string, body: object, headers: Record<string, string> = {}) =>
    handle(
      new Request(`http://router${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );
  const feedback: object[] = [];
  for (let unit = 0; unit < 600; unit += 1) {
    const id = `request-${unit}`;
    const headers = { 'x-hedgerow-unit': `unit-${unit}`, 'x-request-id': id };
    await (await asked('/invocations', { dataframe_records: [{}] }, headers)).arrayBuffer();
    // What was predicted turns out to be right of the new one three times in four, of the old one once.
    feedback.push({ id, label: unit % 4 === 0 ? 'no' : 'yes' });
  }
  await (await asked('/feedback', { feedback })).arrayBuffer();
  const server = createServer(async ({ url = '', method = '' }, response) => {
    const answer = await handle(new Request(`http://router${url}`, { method }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told = await monitoring.fetchExperiment(url);
    const units = Object.values(told.variants).reduce((sum, { n }) => sum + n, 0);
    assert.equal(units, 600);
    assert.equal(told.control, 'old');
    const { comparisons } = await monitoring.compareVariants(told);
    assert.equal(comparisons[0]?.verdict, 'better', comparisons[0]?.message);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

const learner = { kind: 'random-forest', nEstimators: 5 } as const;

/** Penguins that became half as heavy again. */
async function later(): Promise<string> {
  const [head = '', ...rows] = (await readFile(file('penguins.csv'), 'utf8')).trim().split('\n');
  const place = head.split(',').indexOf('body_mass_g');
  const change = (cell: string, at: number) =>
    at === place && cell !== '' ? String(Math.round(Number(cell) * 1.5)) : cell;
  return [head, ...rows.map((row) => row.split(',').map(change).join(','))].join('\n');
}

/** The champion, and new rows in two parts as `hedgerow retrain` has them. */
async function challenged(): Promise<{ champion: Model; fit: Table; heldOut: Table }> {
  const table = await hedgerow.Table.fromCsv(await readFile(file('penguins.csv')));
  const features = ['body_mass_g', 'sex'];
  const champion = await hedgerow.train(table, { target: 'species', features, learner });
  await writeFile(file('champion'), champion.save());
  await writeFile(file('later.csv'), await later());
  const rows = await hedgerow.Table.fromCsv(await later());
  const { train: fit, test: heldOut } = rows
    .dropMissing(['species'])
    .split({ testSize: 0.3, seed: 42, stratify: 'species' });
  return { champion, fit, heldOut };
}

test('a challenger is trained and judged as `hedgerow retrain` does it', async () => {
  const { champion, fit, heldOut } = await challenged();
  const { features } = champion.info.schema;
  const names = features.map(({ name }) => name);
  const challenger = await hedgerow.train(fit, { target: 'species', features: names, learner });
  await writeFile(file('policy.json'), JSON.stringify({ promotion: { metric: 'logLoss', tolerance: 0.5 } }));
  const how = ['--force', '--no-track', '--policy', 'policy.json', '--out', 'challenger'];
  const { verdict } = await onCommandLine<{ verdict: { promote: boolean; gain: number } }>(
    ...['retrain', 'champion', 'later.csv', ...how],
  );
  assert.deepEqual(Buffer.from(challenger.save()), await readFile(file('challenger')));
  const rule = { metric: 'logLoss', tolerance: 0.5 } as const;
  await monitoring.checkRows(champion, heldOut);
  for (const workers of [0, 1]) {
    assert.deepEqual(await monitoring.judge(champion, challenger, heldOut, { ...rule, workers }), verdict);
  }
  assert.ok(verdict.promote && verdict.gain > 0, JSON.stringify(verdict));
  const itself = await monitoring.judge(champion, champion, heldOut);
  assert.equal(itself.promote, false);
  assert.match(itself.reason, /^The challenger is not better/);
});

test('a challenger that cannot be judged is said', async () => {
  const { champion, fit, heldOut } = await challenged();
  const { judge, checkRows } = monitoring;
  const other = await hedgerow.train(fit, { target: 'body_mass_g', learner });
  await assert.rejects(judge(champion, other, heldOut), { code: 'other_task' });
  await assert.rejects(judge(champion, champion, heldOut, { tolerance: -1 }), { code: 'bad_option' });
  const strange = await hedgerow.Table.fromCsv('body_mass_g,sex,species\n1,male,Dodo\n2,female,Dodo\n');
  await assert.rejects(checkRows(champion, strange), { code: 'new_class' });
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(judge(champion, champion, heldOut, { signal }), { message: 'enough' });
});
