/**
 * An exported folder answers over HTTP in the runtime that it is for, as the library does, bit for bit; what
 * is wrong with a request is said, and the next one is served.
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Models, models, type Name, type Prediction, type Trained } from '../support/exports.js';
import { type Server, serve, servers } from '../support/servers.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

const headers = { 'content-type': 'application/json' };
const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

async function answered<T>(response: Response): Promise<T> {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}

/** What a server predicts of all rows of a model, by both of its protocols. */
async function predicted(url: string, { name, rows, expected }: Trained): Promise<Prediction[]> {
  const invoke = async (params?: object) =>
    (
      await answered<{ predictions: (number | string | number[])[] }>(
        await post(`${url}/invocations`, { dataframe_records: rows, params }),
      )
    ).predictions;
  const told = await invoke();
  if (expected[0] && 'value' in expected[0]) return told.map((value) => ({ value: Number(value) }));
  const { classes } = await answered<{ classes: string[] }>(await fetch(`${url}/model`));
  const lists = await invoke({ predict_method: 'predict_proba' });
  const { label } = await inferred(url, name, rows);
  return lists.map((list, row) => ({
    label: String(label?.[row]),
    probabilities: Object.fromEntries(
      classes.map((one, index) => [one, (list as number[])[index] ?? Number.NaN]),
    ),
  }));
}

async function inferred(url: string, name: Name, rows: Trained['rows']): Promise<Record<string, unknown[]>> {
  const { inputs } = await answered<{ inputs: { name: string; datatype: string }[] }>(
    await fetch(`${url}/v2/models/${name}`),
  );
  const tensors = inputs.map((input) => ({
    ...input,
    shape: [rows.length],
    data: rows.map((row) => row[input.name] ?? null),
  }));
  const { outputs } = await answered<{ outputs: { name: string; data: unknown[] }[] }>(
    await post(`${url}/v2/models/${name}/infer`, { inputs: tensors }),
  );
  return Object.fromEntries(outputs.map((output) => [output.name, output.data]));
}

for (const target of Object.keys(servers)) {
  suite(target, () => {
    for (const name of ['forest', 'boosting-calibrated', 'ridge'] as const) {
      test(`${name} answers as the library does`, async () => {
        const trained = await made.trained(name);
        const server = await serve(target, await trained.exported(target));
        try {
          assert.deepEqual(await predicted(server.url, trained), trained.expected);
        } finally {
          await server.stop();
        }
      });
    }
  });
}
