/** Who trains: Hedgerow in three forms, and peers. Each takes a job and returns what it took. */
import { inChromium } from './chromium.mjs';
import { datasets, unpacked } from './datasets.mjs';
import { run, runAny } from './run.mjs';

/** Our forms, by the name in the tables. */
export const ours = { native: inNative, Node: inNode, Chromium: inChromium };

/** Peers: the library's name, the program that runs it, and whether it takes numbers only. */
export const peers = {
  'scikit-learn': { program: 'peers.py', numbersOnly: true },
  LightGBM: { program: 'peers.py', numbersOnly: true },
  XGBoost: { program: 'peers.py', numbersOnly: true },
  YDF: { program: 'peers.py' },
  'ydf-training': { program: 'ydf-training.mjs' },
  'ml-random-forest': { program: 'ml-random-forest.mjs', numbersOnly: true },
};

/** What a contender needs to know: files, target, learner and its parameters; one worker. */
export function job(options, dataset, learner, more = {}) {
  const { target, task } = datasets[dataset];
  return { csv: unpacked(options, dataset), target, task, learner, workers: 1, ...more };
}

/** Runs a peer on a data set. */
export function peer(options, name, dataset, learner, more = {}) {
  const { program, numbersOnly } = peers[name];
  const { numbers } = datasets[dataset];
  const csv = unpacked(options, (numbersOnly && numbers) || dataset);
  const library = name.toLowerCase();
  return run(options, program, JSON.stringify({ ...job(options, dataset, learner, more), csv, library }));
}

/** The release build for this machine. */
function inNative(options, job) {
  return runAny(options.native, [JSON.stringify(job)]);
}

/** The npm package in Node. */
export function inNode(options, job) {
  return run(options, 'hedgerow.mjs', JSON.stringify(job));
}
