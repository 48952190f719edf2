/** How long cancelling waits where there are no workers: for the longest step of a training. */
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

/** Every learner but linfa-cart, whose fit is one step. */
export async function pauses(options) {
  const found = [];
  for (const rows of [200_000, 1_000_000]) {
    for (const { learner, ...more } of trainings) {
      const work = JSON.stringify(job(options, 'synth200k', learner, { ...more, rows, steps: true }));
      const [node, native] = await byTurns(options.times, [
        () => run(options, 'pauses.mjs', work),
        () => runAny(options.native, [work]),
      ]);
      found.push(told(rows, learner, median(node, 'longest'), median(native, 'longest')));
    }
  }
  return found;
}

function told(rows, { kind, ccpAlpha }, figure, native) {
  const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;
  const learner = ccpAlpha ? `${kind}, pruned` : kind;
  const what = `longest step, ${rows.toLocaleString('en')} × 20, ${learner}: seconds`;
  return { what, ours: ms(figure), theirs: `native ${ms(native)}`, figure, most: 0.1 };
}
