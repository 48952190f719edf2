/**
 * An exported service counts what the library counts, in the runtime that it is for; and what it has said that it
 * has is there after it was killed, once.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { answered, post } from '../support/asking.js';
import { type Models, models } from '../support/exports.js';
import { toCsv } from '../support/golden.js';
import { countedByLibrary, total } from '../support/recorded.js';
import { type Server, serve, servers } from '../support/servers.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

const csv = { 'content-type': 'text/csv' };

/** A folder of its own, in which nothing was recorded. */
async function exported(target: string): Promise<string> {
  const folder = await mkdtemp(join(made.folder, `${target}-`));
  await cp(await (await made.trained('watched')).exported(target), folder, { recursive: true });
  await rm(join(folder, 'recorded'), { recursive: true });
  await cp(
    join(made.folder, 'watched', target, 'recorded', '.gitignore'),
    join(folder, 'recorded', '.gitignore'),
  );
  return folder;
}

async function profileOf({ url }: Server): Promise<Buffer> {
  const response = await fetch(`${url}/profile`);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

interface Windows {
  windows: { start: string; rows: number }[];
}

async function rowsOf({ url }: Server): Promise<number> {
  return total((await answered<Windows>(fetch(`${url}/profile/windows`))).windows);
}

async function kill(server: Server): Promise<void> {
  server.process.kill('SIGKILL');
  await once(server.process, 'exit');
}

for (const target of Object.keys(servers)) {
  suite(target, () => {
    test('it counts what the library counts, byte for byte, and keeps it when it is killed', async () => {
      const folder = await exported(target);
      const trained = await made.trained('watched');
      let server = await serve(target, folder);
      try {
        const asked = await post(`${server.url}/invocations`, toCsv(trained.rows), {
          ...csv,
          'x-request-id': 'first',
        });
        assert.equal(asked.status, 200);
        assert.equal(asked.headers.get('x-request-id'), 'first');
        const expected = await countedByLibrary(made, trained, trained.rows);
        assert.deepEqual(await profileOf(server), expected);
        // An instance on Vercel has its counts in its memory.
        if (target === 'vercel') return;
        for (let round = 0; round < 2; round++) {
          await kill(server);
          server = await serve(target, folder);
          assert.deepEqual(await profileOf(server), expected);
        }
        assert.equal((await post(`${server.url}/invocations`, toCsv(trained.rows), csv)).status, 200);
        const twice = await countedByLibrary(made, trained, [...trained.rows, ...trained.rows]);
        assert.deepEqual(await profileOf(server), twice, 'it goes on to count');
        const label = { feedback: [{ id: 'first', row: 0, label: 'Gentoo' }] };
        const { counted } = await answered<{ counted: number }>(post(`${server.url}/feedback`, label));
        assert.equal(counted, 1);
      } finally {
        await server.stop();
      }
    });

    if (target === 'vercel') return;
    test('killed at any moment, it has what it said that it has, and none twice', async (context) => {
      const folder = await exported(target);
      const { rows } = await made.trained('watched');
      const some = toCsv(rows.slice(0, 7));
      let [sent, said, rounds] = [0, 0, 0];
      for (; rounds < 10; rounds++) {
        const server = await serve(target, folder, { HEDGEROW_FLUSH_SECONDS: '0.02' });
        const before = await rowsOf(server);
        assert.ok(
          before >= said && before <= sent,
          `${said} were said, ${sent} were sent, ${before} are there`,
        );
        let isSaid = () => {};
        // Every other one dies once it has said something, at whatever moment then.
        const first = new Promise<void>((resolve) => {
          isSaid = resolve;
        });
        const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
        const begun = rounds % 2 === 0 ? Promise.race([first, pause(5_000)]) : Promise.resolve();
        const dies = begun.then(() => pause(Math.random() * 1_000)).then(() => kill(server));
        let lives = true;
        void dies.then(() => {
          lives = false;
        });
        const load = async () => {
          while (lives) {
            sent += 7;
            await post(`${server.url}/invocations`, some, csv).then((response) => response.text());
          }
        };
        const ask = async () => {
          while (lives) {
            const there = await rowsOf(server).catch(() => before);
            if (there > before) isSaid();
            said = Math.max(said, there);
          }
        };
        await Promise.all([dies, ...[load, load, load, ask].map((one) => one().catch(() => undefined))]);
      }
      const server = await serve(target, folder);
      const there = await rowsOf(server);
      await server.stop();
      // Every second one was asked until it had said something.
      assert.ok(said >= 5 * 7, `${said} rows were said`);
      context.diagnostic(`${rounds} kills: ${sent} rows sent, ${said} said, ${there} there`);
      assert.ok(said > 0 && there >= said && there <= sent);
    });
  });
}
