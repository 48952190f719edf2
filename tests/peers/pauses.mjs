/** How long cancelling waits where there are no workers: for the longest step of what is done. */
import { job } from './contenders.mjs';
import { byTurns, median, run, runAny } from './run.mjs';

/**
 * What each learner is trained with: no longer than its steps need to be seen. `target` and `task`, where
 * they are not the data set's.
 */
const trainings = [
  { learner: { kind: 'random-forest', nEstimators: 3 } },
  { learner: { kind: 'extra-trees', nEstimators: 3 } },
  { learner: { kind: 'decision-tree' } },
  { learner: { kind: 'decision-tree', ccpAlpha: 1e-5 } },
  { learner: { kind: 'gradient-boosting', nEstimators: 10 } },
  { learner: { kind: 'mlp', maxIter: 1 } },
  { learner: { kind: 'k-nearest-neighbors' } },
  { learner: { kind: 'naive-bayes' } },
  { learner: { kind: 'logistic-regression' } },
  { learner: { kind: 'isolation-forest', contamination: 0.01 }, task: 'anomaly' },
  ...['linear-regression', 'ridge', 'elastic-net'].map((kind) => ({
    learner: { kind },
    target: 'f0',
    task: 'regression',
  })),
];

const few = { kind: 'random-forest', nEstimators: 3 };
const bayes = { kind: 'naive-bayes' };
const neighbors = { kind: 'k-nearest-neighbors' };
const linear = { learner: { kind: 'linear-regression' }, target: 'f0', task: 'regression' };

/** All that is not a training; `most` rows are measured on, where a row takes long. */
const works = [
  { work: 'handing', learner: bayes },
  { work: 'folds', learner: few },
  { work: 'folds', learner: bayes },
  { work: 'folds', ...linear },
  { work: 'curve', learner: bayes },
  { work: 'comparison', learner: bayes },
  { work: 'evaluation', learner: few },
  { work: 'evaluation', learner: bayes },
  { work: 'evaluation', ...linear },
  { work: 'evaluation', learner: neighbors, most: 300 },
];

/** In seconds. */
const LONGEST = 0.1;

/** linfa-cart takes no more rows; its fit is one step, in a worker. */
const onePiece = [
  { work: 'training', rows: 50_000, learner: { kind: 'linfa-cart' } },
  { work: 'folds', rows: 50_000, learner: { kind: 'linfa-cart' } },
];

/** Every learner, and all else that takes its time. */
export async function pauses(options) {
  const found = [];
  for (const rows of [200_000, 1_000_000]) {
    for (const training of trainings) found.push(await measured(options, { ...training, rows }, true));
    for (const work of works) found.push(await measured(options, { ...work, rows }));
  }
  for (const work of onePiece) found.push(await measured(options, work));
  return found;
}

async function measured(options, { learner, ...more }, isNative = false) {
  const work = JSON.stringify(job(options, 'synth200k', learner, { ...more, steps: true }));
  const programs = [() => run(options, 'pauses.mjs', work)];
  if (isNative) programs.push(() => runAny(options.native, [work]));
  const [node, native] = await byTurns(options.times, programs);
  return told(more, learner, median(node, 'longest'), native && median(native, 'longest'));
}

function told({ rows, work = 'training' }, { kind, ccpAlpha }, figure, native) {
  const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;
  const learner = ccpAlpha ? `${kind}, pruned` : kind;
  const what = `longest step, ${work}, ${rows.toLocaleString('en')} × 20, ${learner}: seconds`;
  return {
    what,
    ours: ms(figure),
    theirs: native === undefined ? '-' : `native ${ms(native)}`,
    figure,
    most: LONGEST,
  };
}
