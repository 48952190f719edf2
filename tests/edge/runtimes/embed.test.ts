/**
 * The host programs of the target `embed` score as the library does: the Python one in wasmtime. The Rust one
 * takes minutes to compile, so it is built and held against the library by `cargo xtask bench --rust-host`.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { succeed } from '../../package/support/run.js';
import { withFlippedBit } from '../support/damage.js';
import { type Models, models, names, type Prediction } from '../support/exports.js';
import { python } from '../support/python.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

async function predict(folder: string, rows: unknown): Promise<Prediction[]> {
  const options = { input: JSON.stringify(rows), env: { TZ: 'America/St_Johns' } };
  return JSON.parse(await succeed(python, ['host.py'], folder, options));
}

for (const name of names) {
  test(`${name} answers in wasmtime, from Python, as the library does`, async () => {
    const trained = await made.trained(name);
    assert.deepEqual(await predict(await trained.exported('embed'), trained.rows), trained.expected);
  });
}

test('a damaged model is not loaded from Python', async () => {
  const folder = await (await made.trained('forest')).exported('embed');
  await assert.rejects(predict(await withFlippedBit(folder), []), /image is damaged/);
});

test('the Python program asks for the wasmtime that it is tested with', async () => {
  const folder = await (await made.trained('forest')).exported('embed');
  const asked = (await readFile(join(folder, 'requirements.txt'), 'utf8')).trim();
  const tested = await readFile(new URL('../requirements.txt', import.meta.url), 'utf8');
  assert.ok(tested.split('\n').includes(asked), asked);
});

test('the Rust program is formatted Rust', async () => {
  const folder = await (await made.trained('forest')).exported('embed');
  await succeed('rustfmt', ['--check', '--edition', '2024', 'src/main.rs'], folder);
});
