/**
 * Microseconds of processor time that ydf-inference takes for one row, and what it loads, in JSON.
 *
 *     node ydf-inference.mjs MODEL.zip CSV TARGET
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import startYdf from 'ydf-inference';
import { gzipped, oneRow, rowsOf } from './one-row.mjs';

const [path, csv, target] = process.argv.slice(2);
const ydf = await startYdf();
const model = await ydf.loadModelFromZipBlob(readFileSync(path));
const columns = ([name, number]) => [name, [number]];
const rows = rowsOf(csv, target).map((row) => Object.fromEntries(Object.entries(row).map(columns)));
const one = await oneRow(rows, (row) => model.predict(row));
const { resolve } = createRequire(import.meta.url);
const files = ['ydf-inference', 'ydf-inference/dist/inference.wasm', 'jszip/dist/jszip.min.js'].map(resolve);
console.log(JSON.stringify({ one, runtime: gzipped(files), model: gzipped([path]) }));
