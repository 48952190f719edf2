/**
 * Puts exported models under load: 64 connections that each ask for one row after the other. Tells requests a
 * second, the slowest hundredth, and the server's memory half-way and at the end. `cargo xtask bench --load
 * SECONDS` builds, and calls it:
 *
 *     node --import tsx load.mjs --seconds 60 [--only node,cloudflare]
 */
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { models } from './support/exports.ts';
import { resident } from './support/memory.ts';
import { serve, servers } from './support/servers.ts';

const CONNECTIONS = 64;
/** Seconds until a server is warm. */
const WARM = 5;
/** Memory may grow by so much in the second half, in MB: collectors take their time. */
const GROWTH = 32;

const text = { type: 'string' };
const { values: given } = parseArgs({ options: { seconds: { ...text, default: '60' }, only: text } });
const targets = given.only?.split(',') ?? Object.keys(servers);

const made = await models();
try {
  const rows = [];
  for (const target of targets) rows.push(await measured(target, Number(given.seconds)));
  console.table(rows);
  const bad = rows.filter((row) => row.errors > 0 || !(row['MB at the end'] <= row['MB half-way'] + GROWTH));
  if (bad.length > 0) {
    console.error(`errors, or memory that grew by over ${GROWTH} MB: ${bad.map(({ target }) => target)}`);
    process.exitCode = 1;
  }
} finally {
  await made.remove();
}

async function measured(target, seconds) {
  const model = await made.trained('forest');
  const server = await serve(target, await model.exported(target));
  try {
    const body = JSON.stringify({ dataframe_records: model.rows.slice(0, 1) });
    const load = (duration) =>
      autocannon({
        url: `${server.url}/invocations`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        connections: CONNECTIONS,
        duration,
      });
    await load(WARM);
    const warm = megabytes(server.process.pid);
    let halfway = Number.NaN;
    setTimeout(() => {
      halfway = megabytes(server.process.pid);
    }, seconds * 500);
    const { requests, latency, errors, timeouts, non2xx } = await load(seconds);
    return {
      target,
      'requests/s': Math.round(requests.average),
      'p50 ms': latency.p50,
      'p99 ms': latency.p99,
      'max ms': latency.max,
      errors: errors + timeouts + non2xx,
      'MB warm': warm,
      'MB half-way': halfway,
      'MB at the end': megabytes(server.process.pid),
    };
  } finally {
    await server.stop();
  }
}

/** What a process has in memory. */
function megabytes(pid) {
  return Math.round(resident(pid) / 2 ** 20);
}
