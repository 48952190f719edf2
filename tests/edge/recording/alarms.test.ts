/** Alarms of a service: told once, however often it starts again. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Backing, memoryBacking } from 'hedgerow/edge/recording';
import { type Models, models } from '../support/exports.js';
import { get, rowsOf, type Serving, serving, type Watched, watched } from '../support/recorded.js';

const HOUR = 3_600_000;

let made: Models;
let model: Watched;
// What waits to tell the store keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));
before(async () => {
  made = await models();
  model = await watched(made, 'watched');
});
after(() => made.remove());

/** A receiver of alarms that refuses as many as it is told. */
async function receiver(refusals: number) {
  const messages: { status: string; rule: string; columns: string[]; pictures: unknown[] }[] = [];
  let left = refusals;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    left -= 1;
    if (left < 0) messages.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(left < 0 ? 204 : 503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { messages, webhook: `http://127.0.0.1:${port}/alarms`, close: () => server.close() };
}

/** A receiver that answers only when it is told to, and with what. */
async function patient() {
  const messages: { status: string; answer: (status: number) => void }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status } = JSON.parse(Buffer.concat(chunks).toString());
    messages.push({ status, answer: (code) => response.writeHead(code).end() });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    messages,
    webhook: `http://127.0.0.1:${port}/alarms`,
    close: () => server.close().closeAllConnections(),
  };
}

for (const [what, code, heard] of [
  ['is told as ended, too, where it arrived', 204, ['firing', 'resolved', 'firing']],
  // Four tries each, of which none arrived: nobody needs to hear that it ended.
  ['is told again when it begins again, where it did not', 503, [...Array(4).fill('firing'), 'firing']],
] as const) {
  test(`an alarm that ends while the message of it is under way ${what}`, async () => {
    const { messages, webhook, close } = await patient();
    let now = Date.UTC(2026, 0, 1);
    const rules = JSON.stringify([{ name: 'gaps', figure: 'missing_share', above: 0.5, minRows: 30 }]);
    const served = serving(model, { store: { now: () => now, rules, webhook, hours: 1, retryAfter: 1 } });
    const [row] = model.trained.rows;
    const see = async (mass: number | null) => {
      now += 2 * HOUR;
      await served.handler(rowsOf(Array.from({ length: 40 }, () => ({ ...row, body_mass_g: mass }))));
      await served.recording.flush();
      await served.store.summary();
    };
    const answered = async (count: number, status: number) => {
      await until(() => messages.length >= count);
      messages[count - 1]?.answer(status);
    };
    try {
      await see(null);
      await until(() => messages.length === 1);
      await see(4_000);
      for (let message = 1; message <= (code === 204 ? 2 : 4); message++) await answered(message, code);
      // What was told is noted, and nothing more is to be told.
      await new Promise((resolve) => setTimeout(resolve, 50));
      await see(null);
      await answered(heard.length, 204);
      assert.deepEqual(
        messages.map(({ status }) => status),
        heard,
      );
    } finally {
      close();
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  const last = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < last, 'it does not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('an alarm is sent once when it begins and once when it ends, however often the worker starts again', async () => {
  const { messages, webhook, close } = await receiver(2);
  let now = Date.UTC(2026, 0, 1);
  const backing: Backing = memoryBacking();
  const rules = JSON.stringify([{ name: 'gaps', figure: 'missing_share', above: 0.5, minRows: 30 }]);
  const store = { now: () => now, rules, webhook, hours: 1, retryAfter: 1 };
  const start = () => serving(model, { backing, store });
  const [row] = model.trained.rows;
  const see = async (served: Serving, count: number, mass: number | null) => {
    now += 60_000;
    await served.handler(rowsOf(Array.from({ length: count }, () => ({ ...row, body_mass_g: mass }))));
    await served.recording.flush();
    // What this worker looks at by itself is done before the next one starts.
    await new Promise((resolve) => setTimeout(resolve, 10));
    await served.store.summary();
  };
  // A worker that dies between an answer and its note would send again: here, the note is waited for.
  const isNoted = (state: string) => () => new TextDecoder().decode(backing.get('alarms')).includes(state);
  try {
    await see(start(), 20, null);
    assert.equal(messages.length, 0, 'quiet until there are enough');
    await see(start(), 20, null);
    await until(isNoted('"isSent":true'));
    assert.equal(messages.length, 1);
    assert.deepEqual([messages[0]?.status, messages[0]?.columns], ['firing', ['body_mass_g']]);
    assert.equal(messages[0]?.pictures.length, 1);
    for (let round = 0; round < 3; round++) await see(start(), 5, null);
    now += 2 * HOUR;
    await see(start(), 50, 4_000);
    await until(isNoted('{}'));
    assert.equal(messages.length, 2);
    assert.deepEqual([messages[1]?.status, messages[1]?.rule], ['resolved', 'gaps']);
    await see(start(), 5, 4_000);
    assert.equal(messages.length, 2);
  } finally {
    close();
  }
});

for (const [what, rules, said] of [
  ['cannot be read', '[{"name": "x"}]', /figure/],
  [
    'ask for more windows than there are',
    JSON.stringify([{ name: 'gaps', figure: 'missing_share', above: 0.5, windows: 40 }]),
    /40 windows/,
  ],
] as const) {
  test(`rules that ${what} are told in the metrics and on the console, and the default ones hold`, async (context) => {
    const complaints = context.mock.method(console, 'error', () => undefined);
    let now = Date.UTC(2026, 0, 1);
    const served = serving(model, { store: { rules, now: () => now }, recording: { now: () => now } });
    const [row] = model.trained.rows;
    const odd = { ...row, body_mass_g: null, island: 'Atlantis' };
    await served.handler(rowsOf(Array.from({ length: 150 }, () => odd)));
    await served.recording.flush();
    const text = await (await served.handler(get('/metrics'))).text();
    assert.match(text, /hedgerow_monitoring_fault\{[^}]*\} 1/);
    assert.match(text, /hedgerow_drift_detected\{[^}]*column="island"/);
    assert.match(text, /hedgerow_alarm\{/);
    now += HOUR;
    await served.store.summary();
    assert.equal(complaints.mock.callCount(), 1, 'once');
    assert.match(String(complaints.mock.calls[0]?.arguments[0]), said);
  });
}
