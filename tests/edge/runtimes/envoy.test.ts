/** The target `envoy`: in Envoy, what is behind it gets the library's prediction, bit for bit, in headers. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { answered, post } from '../support/asking.js';
import { withFlippedBit } from '../support/damage.js';
import { type Models, models, type Name, type Prediction } from '../support/exports.js';
import { pythonTool } from '../support/python.js';
import { launch } from '../support/servers.js';

/** What was asked of the service behind the proxy. */
interface Asked {
  headers: IncomingHttpHeaders;
  body: string;
}

let made: Models;
let behind: Server;
before(async () => {
  made = await models();
  behind = createServer((request, response) => {
    const answer = (body: string) => response.end(JSON.stringify({ headers: request.headers, body }));
    text(request).then(answer, () => response.destroy());
  });
  await once(behind.listen(0, '127.0.0.1'), 'listening');
});
after(async () => {
  behind.close();
  await made.remove();
});

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = portOf(server);
  await once(server.close(), 'close');
  return port;
}

/** Runs a folder, with ports of this test's own; what it does with requests. */
async function proxied(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const config = await readFile(join(folder, 'envoy.yaml'), 'utf8');
  const own = config.replace('port_value: 10000', `port_value: ${port}`);
  await writeFile(join(folder, 'own.yaml'), own.replace('port_value: 8080', `port_value: ${portOf(behind)}`));
  const command = [
    pythonTool('envoy'),
    '-c',
    'own.yaml',
    '--concurrency',
    '1',
    '--use-dynamic-base-id',
  ] as const;
  const envoy = await launch([...command], folder, /starting main dispatch loop/);
  try {
    await use(`http://127.0.0.1:${port}/`);
  } finally {
    await envoy.stop();
  }
}

/** The prediction that headers tell. */
function told({ headers }: Asked, like: Prediction, classes: string[]): Prediction {
  const prediction = String(headers['x-hedgerow-prediction']);
  if ('value' in like) return { value: Number(prediction) };
  const list: number[] = JSON.parse(String(headers['x-hedgerow-probabilities']));
  const probabilities = Object.fromEntries(classes.map((name, index) => [name, list[index] ?? Number.NaN]));
  return { label: prediction, probabilities };
}

async function exported(name: Name): Promise<string> {
  return (await made.trained(name)).exported('envoy');
}

for (const name of ['forest', 'boosting-regression', 'isolation'] as const) {
  test(`${name} answers in Envoy as the library does`, async () => {
    const { rows, expected } = await made.trained(name);
    const readme = await readFile(join(await exported(name), 'README.md'), 'utf8');
    const classes: string[] = JSON.parse(/in the order of `(.+)`/.exec(readme)?.[1] ?? '[]');
    await proxied(await exported(name), async (url) => {
      for (const [index, row] of rows.entries()) {
        const asked = await answered<Asked>(post(url, row));
        const like = expected[index];
        assert.ok(like);
        assert.deepEqual(told(asked, like, classes), like, JSON.stringify(row));
        assert.equal(asked.body, JSON.stringify(row));
      }
    });
  });
}

test('what is no row passes with an error, and what is no JSON passes as it is', async () => {
  await proxied(await exported('forest'), async (url) => {
    const error = async (body: unknown) =>
      (await answered<Asked>(post(url, body))).headers['x-hedgerow-error'];
    assert.equal(await error('{'), 'not_json');
    assert.equal(await error([1]), 'not_json');
    assert.equal(await error('['.repeat(100_000)), 'not_json');
    assert.equal(await error({ year: '2007' }), 'bad_value');
    assert.equal(await error({ year: 2007, other: 'left alone' }), undefined);
    const forged = { 'x-hedgerow-prediction': 'Adelie', 'content-type': 'text/plain' };
    const plain = await answered<Asked>(post(url, 'some text', forged));
    assert.equal(plain.body, 'some text');
    assert.equal(plain.headers['x-hedgerow-prediction'], undefined);
    const { headers } = await answered<Asked>(fetch(url));
    assert.equal(headers['x-hedgerow-error'], undefined);
  });
});

test('Envoy does not start with a damaged model', async () => {
  const damaged = await withFlippedBit(await exported('forest'), 'filter.wasm');
  await assert.rejects(
    proxied(damaged, async () => {}),
    /image is damaged/,
  );
});
