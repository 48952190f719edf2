/** The largest requests that a server accepts, and the processor time that they take. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Description } from 'hedgerow/edge';
import { answered, post } from './asking.js';
import type { Server } from './servers.js';

type Rows = readonly (readonly number[])[];

/** Requests of which the median counts. */
const REQUESTS = 60;

const proba = { params: { predict_method: 'predict_proba' } };
const columnsOf = (names: readonly string[], rows: Rows) =>
  names.map((name, place) => ({ name, data: rows.map((row) => row[place]) }));

/** Bodies of every form; where they can, they ask for all that a model can tell. */
const bodies: Readonly<Record<string, (names: readonly string[], rows: Rows) => unknown>> = {
  dataframe_split: (columns, data) => ({ dataframe_split: { columns, data } }),
  dataframe_records: (names, rows) => ({
    dataframe_records: rows.map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]]))),
  }),
  instances: (_, instances) => ({ instances }),
  inputs: (names, rows) => ({
    inputs: Object.fromEntries(columnsOf(names, rows).map(({ name, data }) => [name, data])),
  }),
  CSV: (names, rows) => [names, ...rows].map((cells) => `${cells.join(',')}\n`).join(''),
  'Open Inference Protocol': (names, rows) => ({
    inputs: columnsOf(names, rows).map((input) => ({ ...input, shape: [rows.length], datatype: 'FP64' })),
  }),
};

/** The names of the forms. */
export const forms = Object.keys(bodies);

/** Rows of the largest request of a form that is accepted, and milliseconds of processor time for it. */
export async function largest(
  server: Server,
  form: string,
  table: readonly Readonly<Record<string, number>>[],
): Promise<{ rows: number; milliseconds: number }> {
  const { name, features, classes } = await answered<Description>(fetch(`${server.url}/model`));
  const names = features.map((feature) => feature.name);
  const lists = table.map((row) => names.map((column) => row[column] ?? Number.NaN));
  const path = form === 'Open Inference Protocol' ? `/v2/models/${name}/infer` : '/invocations';
  const ask = (rows: number) => {
    const repeated = Array.from({ length: rows }, (_, row) => lists[row % lists.length] ?? []);
    const body = bodies[form]?.(names, repeated);
    const isCsv = typeof body === 'string';
    const all =
      isCsv || path !== '/invocations' || classes.length === 0 ? body : { ...Object(body), ...proba };
    return post(`${server.url}${path}`, all, isCsv ? { 'content-type': 'text/csv' } : {});
  };
  const rows = await most(async (count) => {
    const response = await ask(count);
    await response.text();
    assert.ok([200, 413].includes(response.status), `${form}: ${response.status}`);
    return response.ok;
  });
  return { rows, milliseconds: await cost(server, () => ask(rows)) };
}

/** The largest number that is accepted; there is one, and no larger one is. */
async function most(accepts: (count: number) => Promise<boolean>): Promise<number> {
  let accepted = 1;
  while (await accepts(2 * accepted)) accepted *= 2;
  for (let refused = 2 * accepted; refused - accepted > 1; ) {
    const middle = Math.floor((accepted + refused) / 2);
    if (await accepts(middle)) accepted = middle;
    else refused = middle;
  }
  return accepted;
}

/** The median over some requests, one after the other, in milliseconds. */
async function cost({ process: { pid } }: Server, ask: () => Promise<Response>): Promise<number> {
  const times = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const before = processorTime(pid);
    await (await ask()).text();
    times.push(processorTime(pid) - before);
  }
  return times.sort((a, b) => a - b)[REQUESTS / 2] ?? Number.NaN;
}

/** What all threads of a process took so far, in milliseconds. */
function processorTime(pid: number | undefined): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e6;
}
