import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, exportCode, folderName, total } from './exporting.ts';

test('a name that was not given is not in the code', () => {
  const [javascript, shell] = exportCode('m.safetensors', { target: 'deno', name: null }, 'species');
  assert.match(javascript?.text ?? '', /model\.export\('deno'\);/);
  assert.equal(shell?.text, 'hedgerow export m.safetensors --to deno \\\n  --out species-deno');
});

test('a name that was given is', () => {
  const [javascript, shell] = exportCode('m.safetensors', { target: 'node', name: 'birds' }, 'birds');
  assert.match(javascript?.text ?? '', /model\.export\('node', \{ name: 'birds' \}\);/);
  assert.match(shell?.text ?? '', /--name birds \\\n {2}--out birds-node$/);
});

test('the download is called by the name and the target', () => {
  assert.equal(folderName('birds', 'node'), 'birds-node');
});

test('a quote in a value does not end the shell’s word', () => {
  assert.match(curl('http://localhost/invocations', `{"a":"it's"}`), /-d '\{"a":"it'\\''s"\}'$/);
});

test('sizes add up', () => {
  const file = { path: 'a', bytes: 10, gzipped: 4, text: null };
  assert.deepEqual(total([file, file]), { bytes: 20, gzipped: 8 });
});
