import { readFile } from 'node:fs/promises';
import { exported } from './exported.mjs';

console.log(JSON.stringify(await exported(new Blob([await readFile('penguins.csv')]))));
