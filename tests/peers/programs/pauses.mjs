/**
 * Works with Hedgerow in this thread and prints, as JSON, how long an abort would have had to wait
 * at most: the longest time between two turns of the event loop, in seconds of this thread's processor
 * time (Linux only, which tells it), and that of each phase.
 *
 *     node pauses.mjs JOB
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { compare, crossValidate, learningCurve, Table, train } from 'hedgerow';

const { csv, rows, target, task, learner, work = 'training', most } = JSON.parse(process.argv[2]);
const table = many(await Table.fromCsv(await readFile(csv.train)), rows);

const options = { target, task, learner, seed: 42, workers: 0 };
const onProgress = (event) => (phase = event.phase);

/** What is measured; each makes ready what it is not measured with. */
const works = {
  training: async () => () => train(table, { ...options, onProgress }),
  // With a worker, which gets the table.
  handing: async () => () => train(table, { ...options, workers: 1, onProgress }),
  folds: async () => () => crossValidate(table, { ...options, folds: 2, onProgress }),
  curve: async () => () => learningCurve(table, { ...options, folds: 2, sizes: [0.5, 1], onProgress }),
  comparison: async () => () =>
    compare(table, { ...options, learner: undefined, learners: [learner], folds: 2, onProgress }),
  evaluation: async () => {
    const model = await train(table, { ...options, workers: 1 });
    const some = most ? table.slice(0, most) : table;
    return () => model.evaluate(some, { workers: 0, importance: { nRepeats: 1, maxRows: most }, onProgress });
  },
};

const run = await works[work]();
const phases = {};
let phase = 'begin';
let last = cpuSeconds();
let turning = true;
turn();
const begun = performance.now();
const result = await run();
note();
turning = false;
const seconds = (performance.now() - begun) / 1000;
const longest = Math.max(...Object.values(phases));
console.log(JSON.stringify({ longest, phases, seconds, identity: result.sha256 }));

/** Notes how long the event loop did not turn, again and again. */
function turn() {
  note();
  if (turning) setImmediate(turn);
}

function note() {
  const now = cpuSeconds();
  phases[phase] = Math.max(phases[phase] ?? 0, now - last);
  last = now;
}

function cpuSeconds() {
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e9;
}

/** So many rows: those of the table, again and again. */
function many(table, rows) {
  const numbers = Uint32Array.from({ length: rows }, (_, row) => row % table.numRows);
  return table.take(numbers);
}
