/**
 * What recording costs a worker, in processor time beyond scoring, and what must hold of that. `cargo xtask bench
 * --recording` builds, and calls it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Recorder, recordTo } from 'hedgerow/edge/recording';
import { batchesOf, exported, ROWS, table } from './support/wide.ts';

/** Microseconds a row that it may take at most, however many rows a request has. */
const BOUND = 1;
const ROUNDS = 200;

const folder = await mkdtemp(join(tmpdir(), 'hedgerow-cost-'));
const request = new Request('http://model.example/invocations', { method: 'POST', body: '{}' });
const nowhere = () => ({ add: async () => undefined });
const figures = [];
for (const [what, words] of [
  ['20 numbers', 0],
  ['10 words and 10 numbers', 10],
]) {
  const { rows, csv } = table(words, (row) => (row % 3 > 0 ? 'yes' : 'no'));
  const made = await exported(folder, `cost-${words}`, csv);
  for (const size of [400, 16, 1]) {
    figures.push({ what, 'rows a request': size, 'µs a row': await recorded(made, rows, size) });
  }
}
await rm(folder, { recursive: true });
console.table(figures);
if (figures.some((row) => row['µs a row'] > BOUND)) {
  console.error(`over ${BOUND} µs a row`);
  process.exitCode = 1;
}

/** With the request's id, and what is kept for its labels. */
async function recorded({ scorer, recorder }, rows, size) {
  // Few, over and over: those of a request that has just been read are in the processor's cache.
  const some = batchesOf(scorer, rows.slice(0, Math.max(size, 64)), size);
  const batches = Array.from({ length: ROWS / size }, (_, batch) => some[batch % some.length]);
  const recording = recordTo(nowhere, Recorder.from(recorder), scorer.description);
  return least(async () => {
    const taken = timed(() => {
      for (const { columns, scores } of batches) recording.record(request, columns, size, scores);
    });
    await recording.flush();
    return taken;
  });
}

/** The least of several rounds, since others use the machine, too. */
async function least(round) {
  let taken = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < ROUNDS; repeat++) taken = Math.min(taken, await round());
  return taken;
}

function timed(act) {
  const before = process.cpuUsage();
  act();
  return since(before);
}

function since(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / ROWS;
}
