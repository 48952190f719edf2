import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, exportCode, folderName, routerCode, total } from './exporting.ts';

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

test('a router’s code names both models; a registered version is for the command line only', () => {
  const file = { called: 'other.safetensors', isFile: true };
  const [javascript, shell] = routerCode('m.safetensors', file, { weight: 0.25, name: null }, 'species');
  assert.match(javascript?.text ?? '', /exportRouter\(challenger, \{ weight: 0\.25 \}\);/);
  assert.equal(
    shell?.text,
    'hedgerow export m.safetensors --to router \\\n  --with other.safetensors --weight 0.25 \\\n  --out species-router',
  );
  const version = { called: 'species/2', isFile: false };
  const snippets = routerCode('m.safetensors', version, { weight: 0.1, name: 'birds' }, 'birds');
  assert.deepEqual(
    snippets.map(({ label }) => label),
    ['Command line'],
  );
  assert.match(snippets[0]?.text ?? '', /--with species\/2 --weight 0\.1 \\\n {2}--name birds/);
});
