// What is tested where no worker can be started: a learner whose fit is one step.
import { readFile } from 'node:fs/promises';
import { crossValidate, Table, train } from 'hedgerow';

const table = await Table.fromCsv(await readFile('penguins.csv'));
const options = { target: 'species', learner: { kind: 'linfa-cart' } };
const model = await train(table, { ...options, workers: 0 });
const { folds } = await crossValidate(table, { ...options, workers: 0 });
const refused = await train(table, { ...options, workers: 1 }).catch(({ code }) => code);
console.log(JSON.stringify({ sha256: model.sha256, folds: folds.length, refused }));
