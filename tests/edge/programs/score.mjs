// Scores the rows of some folders of the target `wasm` through the model.ts in each, in whatever runtime runs
// this; all predictions as JSON.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const all = [];
for (const folder of process.argv.slice(2)) {
  const file = (name) => new URL(name, pathToFileURL(`${folder}/`));
  const { load } = await import(file('model.ts').href);
  const model = await load(await readFile(file('model.wasm')));
  all.push(model.predict(JSON.parse(await readFile(file('rows.json'), 'utf8'))));
}
console.log(JSON.stringify(all));
