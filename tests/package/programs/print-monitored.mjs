import { readFile } from 'node:fs/promises';
import { monitored } from './monitored.mjs';

const file = async (name) => new Blob([await readFile(name)]);
console.log(JSON.stringify(await monitored(await file('penguins.csv'), await file('later.csv'), 'auto')));
