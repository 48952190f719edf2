/**
 * An exported folder answers over HTTP in the runtime that it is for, as the library does, bit for bit; what
 * is wrong with a request is said, and the next one is served.
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { answered, invoked, post, predicted, refused, streamed, unfinished } from '../support/asking.js';
import { cutOff, withFlippedBit } from '../support/damage.js';
import { type Models, models, type Name, type Trained } from '../support/exports.js';
import { type Server, serve, servers, type Variables } from '../support/servers.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

const row = { dataframe_records: [{ year: 2007 }] };
const csv = { 'content-type': 'text/csv' };

/** What is wrong, and the status and code that it is refused with. */
const bad: [what: string, body: unknown, status: number, code: string, headers?: Record<string, string>][] = [
  ['a wrong type', { instances: [[1, 2, 3, 4, 5, 6, 7, 8, 9]] }, 400, 'bad_value'],
  ['a missing field', row, 400, 'missing_column'],
  ['an extra field', { dataframe_records: [{ weight: 1 }] }, 400, 'unknown_field'],
  ['no JSON', '{"dataframe_records": [', 400, 'not_json'],
  ['deep nesting', '['.repeat(200_000), 400, 'too_deep'],
  ['a hundred thousand rows', `{"instances":[${'0,'.repeat(100_000)}0]}`, 413, 'too_many_rows'],
  ['a wrong content type', 'x', 415, 'unsupported_media_type', { 'content-type': 'text/html' }],
  ['an empty CSV', '', 400, 'csv_empty', csv],
];

for (const target of Object.keys(servers)) {
  suite(target, () => {
    /** Serves a model for as long as something is done with it. */
    async function served(
      name: Name,
      variables: Variables,
      use: (server: Server, trained: Trained) => Promise<void>,
    ): Promise<void> {
      const trained = await made.trained(name);
      const server = await serve(target, await trained.exported(target), variables);
      try {
        await use(server, trained);
      } finally {
        await server.stop();
      }
    }

    for (const name of ['forest', 'boosting-calibrated', 'ridge'] as const) {
      test(`${name} answers as the library does`, () =>
        served(name, {}, async ({ url }, trained) => {
          assert.deepEqual(await predicted(url, trained), trained.expected);
        }));
    }

    test('whatever is wrong with a request is said, and the next one is served', async () => {
      await served('forest', {}, async ({ url }, { rows, expected }) => {
        for (const [what, body, status, code, headers] of bad) {
          const said = await refused(post(`${url}/invocations`, body, headers), status);
          assert.equal(said.code, code, `${what}: ${said.error}`);
          const labels = await invoked<string>(url, rows);
          assert.deepEqual(
            labels,
            expected.map((one) => 'label' in one && one.label),
          );
        }
      });
    });

    test('a body that is too long is refused before all of it was sent, and the next request is served', async () => {
      await served('forest', {}, async ({ url }, { rows }) => {
        const at = `${url}/invocations`;
        assert.equal(await unfinished(at, 1, { 'content-length': 100_000_000 }), 413);
        assert.equal(await unfinished(at, 2 ** 20 + 1), 413);
        assert.equal((await invoked(url, rows)).length, rows.length);
      });
    });

    // workerd ends the connection with its answer, which who still sends may then not read.
    if (target !== 'cloudflare') {
      test('who goes on to send 100 MB reads why they are refused', async () => {
        await served('forest', {}, async ({ url }, { rows }) => {
          assert.equal((await refused(streamed(`${url}/invocations`, 100), 413)).code, 'too_large');
          assert.equal((await invoked(url, rows)).length, rows.length);
        });
      });
    }

    test('who has not the token gets no predictions', async () => {
      await served('forest', { HEDGEROW_TOKEN: 'sesame' }, async ({ url }, { rows }) => {
        const ask = (headers?: Record<string, string>) =>
          post(`${url}/invocations`, { dataframe_records: rows }, headers);
        assert.equal((await refused(ask(), 401)).code, 'unauthorized');
        assert.equal((await refused(ask({ authorization: 'Bearer sesam' }), 401)).code, 'unauthorized');
        await answered(ask({ authorization: 'Bearer sesame' }));
        await answered(fetch(`${url}/health`));
      });
    });

    test('pages may ask from where it is allowed', async () => {
      await served('forest', { HEDGEROW_CORS: 'https://a.example' }, async ({ url }) => {
        const allowed = async (origin: string) => {
          const headers = { origin, 'access-control-request-method': 'POST' };
          const { status, headers: told } = await fetch(`${url}/invocations`, { method: 'OPTIONS', headers });
          assert.equal(status, 204);
          assert.match(told.get('access-control-allow-headers') ?? '', /authorization/);
          return told.get('access-control-allow-origin');
        };
        assert.equal(await allowed('https://a.example'), 'https://a.example');
        assert.equal(await allowed('https://b.example'), null);
      });
    });

    test('a damaged model is not served', async () => {
      const folder = await (await made.trained('forest')).exported(target);
      await assert.rejects(serving(target, await withFlippedBit(folder)), /image is damaged/);
      await assert.rejects(serving(target, await cutOff(folder)));
    });
  });
}

/** Serves a folder until its first answer; an error with what was written, unless that is fine. */
async function serving(target: string, folder: string): Promise<void> {
  const server = await serve(target, folder);
  const { status } = await fetch(`${server.url}/health`);
  await server.stop();
  if (status !== 200) throw new Error(server.log());
}
