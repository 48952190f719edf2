/**
 * Trains a forest of 100 trees with Hedgerow and prints what it took, as JSON.
 *
 *     node train.mjs DATA_FOLDER NAME TARGET TASK WORKERS
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Table, train } from 'hedgerow';

const [, , folder, name, target, task, workers] = process.argv;
const read = async (part) => Table.fromCsv(gunzipSync(await readFile(`${folder}/${name}_${part}.csv.gz`)));

const [fit, test] = [await read('train'), await read('test')];
const cpu = process.cpuUsage();
const start = performance.now();
const learner = { kind: 'random-forest', nEstimators: 100 };
const model = await train(fit, {
  target,
  task,
  learner,
  seed: 42,
  workers: workers === 'auto' ? workers : Number(workers),
});
const wall = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
const { metrics } = await model.evaluate(test, { importance: false });
console.log(JSON.stringify({ cpu: (user + system) / 1e6, wall, metrics }));
