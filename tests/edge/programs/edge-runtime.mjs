// Serves the folder of the target `vercel` on Vercel's edge runtime, built as Vercel builds it: the module
// that is imported with `?module` is compiled beforehand, all else is one script.
import { readFileSync } from 'node:fs';
import { EdgeRuntime, runServer } from 'edge-runtime';
import { build } from 'esbuild';

const modules = {
  name: 'modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    onLoad({ filter: /.*/, namespace: 'wasm' }, () => ({ contents: 'export default globalThis.wasm_model' }));
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
      wasm_model: new WebAssembly.Module(readFileSync('model.wasm')),
      process: { env: { ...process.env } },
    }),
});
const { url } = await runServer({ runtime, host: '127.0.0.1', port: 0 });
console.log(url.replace('localhost', '127.0.0.1'));
