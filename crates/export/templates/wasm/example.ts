import { readFile } from 'node:fs/promises';
import { load } from './model.ts';

const model = await load(await readFile(new URL('./model.wasm', import.meta.url)));
const predictions = model.predict([{{sample}}]);
console.log(predictions[0]);
