// Serves the folder of the target `vercel` on Vercel's edge runtime, built as Vercel builds it: modules that are
// imported with `?module` are compiled beforehand, all else is one script.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { EdgeRuntime, runServer } from 'edge-runtime';
import { build } from 'esbuild';

/** Where the program finds a module: `wasm_model` is `../model.wasm?module`. */
const globalOf = (path) => `wasm_${basename(path, '.wasm?module')}`;
const compiled = readdirSync('.').filter((name) => name.endsWith('.wasm'));

const modules = {
  name: 'modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => ({
      contents: `export default globalThis.${globalOf(path)}`,
    }));
  },
};
const { outputFiles } = await build({
  stdin: {
    contents: `import handle from './api/index.mjs';
      addEventListener('fetch', (event) => event.respondWith(handle(event.request)));`,
    resolveDir: process.cwd(),
  },
  bundle: true,
  write: false,
  format: 'iife',
  plugins: [modules],
});
const runtime = new EdgeRuntime({
  initialCode: outputFiles[0].text,
  codeGeneration: { strings: false, wasm: false },
  extend: (context) =>
    Object.assign(context, {
      ...Object.fromEntries(
        compiled.map((name) => [globalOf(`${name}?module`), new WebAssembly.Module(readFileSync(name))]),
      ),
      process: { env: { ...process.env } },
    }),
});
const { url } = await runServer({ runtime, host: '127.0.0.1', port: 0 });
console.log(url.replace('localhost', '127.0.0.1'));
