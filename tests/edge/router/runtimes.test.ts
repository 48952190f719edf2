/** An exported router of two models, in the runtimes that it is for: on Node, Deno and Bun, and on Cloudflare's. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { assignedOf, unitOf } from 'hedgerow/edge/router';
import { succeed } from '../../package/support/run.js';
import { answered, post, refused } from '../support/asking.js';
import { cli, type Models, models, type Name, type Trained } from '../support/exports.js';
import type { State, Told } from '../support/routed.js';
import { type Server, serve, type Variables } from '../support/servers.js';

const TARGETS = ['node', 'deno', 'bun', 'cloudflare'];
const UNITS = 120;

let made: Models;
let champion: Trained;
let challenger: Trained;
before(async () => {
  made = await models();
  champion = await made.trained('watched');
  challenger = await made.trained('watched-challenger');
});
after(() => made.remove());

/** A folder of its own. */
async function exported(name: string, ...more: string[]): Promise<string> {
  await succeed(
    cli,
    [
      'export',
      champion.file,
      '--to',
      'router',
      '--with',
      challenger.file,
      '--name',
      'species',
      '--out',
      name,
      ...more,
    ],
    made.folder,
  );
  return join(made.folder, name);
}

const token = { authorization: 'Bearer s3cret' };
const variables = { HEDGEROW_TOKEN: 's3cret', HEDGEROW_FLUSH_SECONDS: '0.05' };
const EXPERIMENT = /'(species-[0-9a-f]{8}-[0-9a-f]{8})'/;

function labelOf({ expected }: Trained, row: number): string {
  const told = expected[row];
  assert.ok(told && 'label' in told);
  return told.label;
}

/** Asks for a unit about a row. */
async function asked(
  { url }: Server,
  unit: string,
  row: number,
): Promise<{ variant: string; label: string }> {
  const body = { dataframe_records: [champion.rows[row]] };
  const response = await post(`${url}/invocations`, body, {
    ...token,
    'x-hedgerow-unit': unit,
    'x-request-id': `of ${unit}`.replace(' ', '-'),
  });
  const { predictions } = await answered<{ predictions: string[] }>(Promise.resolve(response));
  return { variant: response.headers.get('x-hedgerow-variant') ?? '', label: predictions[0] ?? '' };
}

const told = ({ url }: Server) => answered<Told>(fetch(`${url}/experiment`, { headers: token }));
const turn = ({ url }: Server, body: object) => answered<State>(post(`${url}/router`, body, token));

async function kill(server: Server): Promise<void> {
  server.process.kill('SIGKILL');
  await once(server.process, 'exit');
}

for (const target of TARGETS) {
  suite(target, () => {
    const start = (folder: string, more: Variables = {}) => serve(target, folder, { ...variables, ...more });

    test('each unit is answered by its model, as the library answers; feedback makes an experiment, which is kept', async () => {
      const folder = await exported(`split-${target}`, '--weight', '0.4');
      const [, name = ''] = EXPERIMENT.exec(await readFile(join(folder, 'main.mjs'), 'utf8')) ?? [];
      let server = await start(folder);
      const expected: Record<string, { n: number; sum: number }> = {
        champion: { n: 0, sum: 0 },
        challenger: { n: 0, sum: 0 },
      };
      try {
        const feedback = [];
        for (let at = 0; at < UNITS; at++) {
          const [unit, row] = [`customer-${at}`, at % champion.rows.length];
          const isChallenger = assignedOf(unitOf(name, unit).place, [0.6, 0.4], 0) === 1;
          const [variant, model] = isChallenger ? ['challenger', challenger] : ['champion', champion];
          const label = labelOf(model as Trained, row);
          assert.deepEqual(await asked(server, unit, row), { variant, label }, unit);
          const own = expected[variant as Name];
          if (own) expected[variant as Name] = { n: own.n + 1, sum: own.sum + Number(label === 'Gentoo') };
          feedback.push({ id: `of-${unit}`, label: 'Gentoo' });
        }
        const { counted } = await answered<{ counted: number }>(
          post(`${server.url}/feedback`, { feedback }, token),
        );
        assert.equal(counted, UNITS);
        const arm = (of = { n: 0, sum: 0 }) => ({ n: of.n, sum: of.sum, sumSquares: of.sum });
        const variants = { champion: arm(expected.champion), challenger: arm(expected.challenger) };
        assert.deepEqual(await told(server), {
          variants,
          weights: { champion: 0.6, challenger: 0.4 },
          control: 'champion',
        });
        for (const one of ['champion', 'challenger']) {
          const again = post(`${server.url}/variants/${one}/feedback`, { feedback }, token);
          const fates = (await answered<{ feedback: { code: string }[] }>(again)).feedback.map(
            ({ code }) => code,
          );
          const known = fates.filter((code) => code === 'repeated_label').length;
          assert.equal(known, expected[one]?.n, `the labels of the ${one} are there`);
        }
        await compared(folder, await told(server), expected);

        await turn(server, { kill: 'challenger' });
        await kill(server);
        server = await start(folder);
        assert.deepEqual((await told(server)).variants, variants);
        const one = challengersOf(name);
        assert.equal((await asked(server, one, 0)).variant, 'champion');
        await turn(server, { restore: 'challenger' });
        assert.equal((await asked(server, one, 0)).variant, 'challenger');
        await refused(post(`${server.url}/router`, { kill: 'challenger' }), 401);
      } finally {
        await server.stop();
      }
    });

    test('as a shadow, the challenger is compared and never answers', async () => {
      const server = await start(await exported(`shadow-${target}`), {
        HEDGEROW_MODE: 'shadow',
        HEDGEROW_COPIES: '1000',
      });
      try {
        for (let row = 0; row < champion.rows.length; row++) {
          assert.deepEqual(await asked(server, `u-${row}`, row), {
            variant: 'champion',
            label: labelOf(champion, row),
          });
        }
        const agreeing = champion.rows.filter(
          (_, row) => labelOf(champion, row) === labelOf(challenger, row),
        ).length;
        assert.ok(agreeing > 0 && agreeing < champion.rows.length);
        const deadline = Date.now() + 20_000;
        let shadow: State['variants'][number] | undefined;
        do {
          const { variants } = await answered<State>(fetch(`${server.url}/router`, { headers: token }));
          shadow = variants.find(({ name }) => name === 'challenger');
        } while ((shadow?.rowsCompared ?? 0) < champion.rows.length && Date.now() < deadline);
        assert.deepEqual(
          [shadow?.copied, shadow?.rowsCompared, shadow?.rowsAgreeing],
          [champion.rows.length, champion.rows.length, agreeing],
        );
      } finally {
        await server.stop();
      }
    });

    test('the same model as both is counted twice, as where a router is tried out', async () => {
      const folder = join(made.folder, `same-${target}`);
      const args = ['export', champion.file, '--to', 'router', '--with', champion.file, '--name', 'species'];
      await succeed(cli, [...args, '--weight', '0.5', '--out', folder], made.folder);
      const server = await start(folder);
      try {
        for (let at = 0; at < 40; at++) await asked(server, `u-${at}`, at % champion.rows.length);
        const seen = [];
        for (const one of ['champion', 'challenger']) {
          const path = `${server.url}/variants/${one}/profile/windows`;
          const { windows } = await answered<{ windows: { rows: number }[] }>(
            fetch(path, { headers: token }),
          );
          seen.push(windows.reduce((sum, { rows }) => sum + rows, 0));
        }
        const { variants } = await told(server);
        const units = ['champion', 'challenger'].map((one) => variants[one]?.n);
        assert.deepEqual(
          seen.reduce((sum, rows) => sum + rows),
          40,
        );
        assert.ok(
          seen.every((rows) => rows > 0 && rows < 40),
          `${seen}`,
        );
        assert.deepEqual(units, [0, 0], 'without labels no unit has an outcome');
        assert.doesNotMatch(server.log(), /in memory only/);
      } finally {
        await server.stop();
      }
    });

    test('variables set weights and kill', async () => {
      const folder = await exported(`variables-${target}`);
      for (const [more, variant] of [
        [{ HEDGEROW_WEIGHTS: 'champion=0,challenger=1' }, 'challenger'],
        [{ HEDGEROW_WEIGHTS: 'champion=0,challenger=1', HEDGEROW_KILL: 'challenger' }, 'champion'],
      ] as const) {
        const server = await start(folder, more);
        for (let row = 0; row < 3; row++)
          assert.equal((await asked(server, `u-${row}`, row)).variant, variant);
        await server.stop();
      }
    });
  });
}

/** A unit that is the challenger's. */
function challengersOf(name: string): string {
  const all = Array.from({ length: 30 }, (_, at) => `customer-${at}`);
  return all.find((unit) => assignedOf(unitOf(name, unit).place, [0.6, 0.4], 0) === 1) ?? '';
}

/** What the command line makes of an experiment. */
async function compared(
  folder: string,
  counts: Told,
  expected: Record<string, { n: number }>,
): Promise<void> {
  await writeFile(join(folder, 'experiment.json'), JSON.stringify(counts));
  const report = JSON.parse(await succeed(cli, ['ab', 'compare', 'experiment.json', '--json'], folder)) as {
    control: string;
    variants: { name: string; n: number }[];
  };
  assert.equal(report.control, 'champion');
  for (const { name, n } of report.variants) assert.equal(n, expected[name]?.n, name);
}

test('models that record nothing are routed, too, and their experiment is counted', async () => {
  const [one, other] = [await made.trained('forest'), await made.trained('logistic')];
  await succeed(
    cli,
    ['export', one.file, '--to', 'router', '--with', other.file, '--out', 'plain'],
    made.folder,
  );
  const folder = join(made.folder, 'plain');
  assert.ok(!(await readdir(folder)).includes('recording.mjs'));
  for (const target of ['node', 'cloudflare']) {
    const server = await serve(target, folder, { HEDGEROW_OUTCOME: 'any' });
    try {
      const response = await post(
        `${server.url}/invocations`,
        { dataframe_records: [one.rows[0]] },
        { 'x-request-id': 'r' },
      );
      assert.equal(response.status, 200);
      const variant = response.headers.get('x-hedgerow-variant') ?? '';
      await answered(post(`${server.url}/feedback`, { feedback: [{ id: 'r', outcome: true }] }));
      const { variants } = await answered<Told>(fetch(`${server.url}/experiment`));
      assert.deepEqual(variants[variant], { n: 1, successes: 1 });
    } finally {
      await server.stop();
    }
  }
});

test('models that do not predict the same are refused', async () => {
  const other = await made.trained('watched-regression');
  await assert.rejects(
    succeed(
      cli,
      ['export', champion.file, '--to', 'router', '--with', other.file, '--out', 'none', '--json'],
      made.folder,
    ),
    /models_differ/,
  );
});
