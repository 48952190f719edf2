/**
 * Trains with Hedgerow in this thread and prints, as JSON, how long an abort would have had to wait
 * at most: the longest time between two turns of the event loop, in seconds of this thread's processor
 * time (Linux only, which tells it), and that of each phase.
 *
 *     node pauses.mjs JOB
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Table, train } from 'hedgerow';

const { csv, rows, target, task, learner } = JSON.parse(process.argv[2]);
const table = many(await Table.fromCsv(await readFile(csv.train)), rows);

const phases = {};
let phase = 'prepare';
let last = cpuSeconds();
let turning = true;
turn();
const begun = performance.now();
const options = { target, task, learner, seed: 42, workers: 0 };
const model = await train(table, { ...options, onProgress: (event) => (phase = event.phase) });
note();
turning = false;
const seconds = (performance.now() - begun) / 1000;
const longest = Math.max(...Object.values(phases));
console.log(JSON.stringify({ longest, phases, seconds, identity: model.sha256 }));

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
