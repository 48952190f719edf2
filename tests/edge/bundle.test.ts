/** What every exported worker includes is one script that any runtime takes. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build, transform } from 'esbuild';

const path = fileURLToPath(import.meta.resolve('hedgerow/edge'));
const code = await readFile(path, 'utf8');

test('it imports nothing, evaluates nothing and compiles nothing', async () => {
  const { metafile } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
  });
  const [output] = Object.values(metafile.outputs);
  assert.deepEqual(output?.imports, []);
  assert.deepEqual(Object.keys(metafile.inputs).length, 1);
  assert.doesNotMatch(
    code,
    /\beval\b|\bnew Function\b|WebAssembly\.(compile|instantiate|Module\()|\bprocess\b/,
  );
});

test('it is at most 46 kB, minified', async (context) => {
  const minified = (await transform(code, { minify: true, format: 'esm' })).code.length;
  context.diagnostic(`${code.length} bytes, ${minified} minified`);
  assert.ok(minified <= 46_000, `${minified} bytes`);
});

test('it loads and answers where nothing but the standards is', async () => {
  const { code: script } = await transform(code, { format: 'iife', globalName: 'edge' });
  const standards = { Request, Response, Headers, URL, TextEncoder, TextDecoder, WebAssembly, crypto };
  const handled = runInNewContext(
    `${script}
    const scorer = {
      description: { name: 'm', version: 'v', classes: [], outputs: 1, task: 'regression', features: [{ name: 'x', kind: 'number' }] },
      score: (columns) => ({ values: columns[0], classes: new Uint32Array(columns[0].length) }),
    };
    edge.createHandler(scorer, { token: 't' })(new Request('http://m/invocations', {
      method: 'POST', body: 'x\\n0.5\\n', headers: { 'content-type': 'text/csv', authorization: 'Bearer t' },
    })).then((response) => response.text())`,
    standards,
    { contextCodeGeneration: { strings: false, wasm: false } },
  );
  assert.equal(await handled, '{"predictions":[0.5]}');
});
