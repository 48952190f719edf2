/**
 * Trains and predicts with Hedgerow in Node and prints what it took, as JSON.
 *
 *     node hedgerow.mjs JOB
 */
import { readFile } from 'node:fs/promises';
import { ofAllThreads } from './memory.mjs';
import { steps } from './steps.mjs';

const job = JSON.parse(process.argv[2]);
const work = steps(job, (part) => readFile(job.csv[part]));

await work.read();
const trained = await timed(work.train);
const wasm = ofAllThreads();
const peak = process.resourceUsage().maxRSS * 1024;
const results = { ...trained, peak, wasm, identity: work.identity() };
if (job.csv) {
  results.predict = (await timed(work.predict)).cpu;
  results.metrics = await work.metrics();
  if (job.alike) results.alike = work.alike();
}
console.log(JSON.stringify(results));

/** Processor time of all threads, and time on the wall, in seconds. */
async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, wall };
}
