/**
 * Every form of a model gives the library's answers, bit for bit, in every engine of WebAssembly: for rows
 * with gaps and with values that it never saw. A damaged one is not loaded.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { withFlippedBit } from '../support/damage.js';
import { withJavaScript } from '../support/engines.js';
import { type Models, models, names, type Trained } from '../support/exports.js';

let made: Models;
let all: Trained[];
let folders: string[];

before(async () => {
  made = await models();
  all = await Promise.all(names.map((name) => made.trained(name)));
  folders = await Promise.all(all.map((trained) => trained.exported('wasm')));
  for (const [index, { rows }] of all.entries()) {
    await writeFile(join(folders[index] ?? '', 'rows.json'), JSON.stringify(rows));
  }
});
after(() => made.remove());

for (const [name, predict] of Object.entries(withJavaScript)) {
  test(`${name}, every model answers as the library does`, async () => {
    const told = await predict(folders, made.folder);
    for (const [index, { name, expected }] of all.entries()) assert.deepEqual(told[index], expected, name);
  });

  test(`${name}, a damaged model is not loaded`, async () => {
    const damaged = await withFlippedBit(folders[0] ?? '');
    await assert.rejects(predict([damaged], made.folder), /image is damaged/);
  });
}

test('the models differ in their answers, and their rows do', () => {
  const different = new Set(all.map(({ expected }) => JSON.stringify(expected)));
  assert.equal(different.size, names.length);
  for (const { expected, name } of all) {
    assert.ok(new Set(expected.map((one) => JSON.stringify(one))).size > 3, name);
  }
});
