/**
 * Microseconds of processor time that onnxruntime-web takes for one row, in one thread, and what it loads, in JSON.
 *
 *     node onnxruntime-web.mjs MODEL.onnx CSV TARGET
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { gzipped, oneRow, rowsOf } from './one-row.mjs';

const [path, csv, target] = process.argv.slice(2);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(readFileSync(path), { executionProviders: ['wasm'] });
const rows = rowsOf(csv, target).map((row) =>
  Object.fromEntries(session.inputNames.map((name) => [name, tensor(row[name])])),
);
const one = await oneRow(rows, (row) => session.run(row));
const dist = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));
const files = ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'].map((name) => `${dist}/${name}`);
console.log(JSON.stringify({ one, runtime: gzipped(files), model: gzipped([path]) }));

function tensor(number) {
  return new ort.Tensor('float64', [number], [1, 1]);
}
