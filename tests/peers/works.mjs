/** The works of `--peers`: what everyone trains, who does, and what must hold. */

// Without out-of-bag scores, as the peers' forests are by default.
const forest = { kind: 'random-forest', nEstimators: 100, oobScore: false };
const isolation = { kind: 'isolation-forest', nEstimators: 100 };
const boosting = { kind: 'gradient-boosting', nEstimators: 100, numLeaves: 31, learningRate: 0.1 };

/**
 * `dataset`, `learner`: the work; `task`, and `metric` for what is told of the model, where they are not
 * the data set's.
 * `of`: the work whose runs are used; `time`: which time of them is compared, where not `cpu`.
 * `alike`: whether rows are predicted one by one, too.
 * `peers`: who else does it; `once` has those that take minutes, run one time.
 * `bounds`: against `peer`, `ratio` of processor time at most, if any, in the forms `forms` (else Node
 * and Chromium); of the score, the difference is `within` or at `least`, or its `factor` is at most.
 */
export const works = {
  'letter-forest': {
    dataset: 'letter',
    learner: forest,
    peers: ['scikit-learn', 'YDF', 'ydf-training'],
    once: ['ml-random-forest'],
    bounds: [
      { peer: 'scikit-learn', ratio: 0.33, within: 0.003 },
      { peer: 'ydf-training', ratio: 0.1, forms: ['Node'] },
    ],
  },
  'synth200k-forest': {
    dataset: 'synth200k',
    learner: forest,
    alike: true,
    peers: ['scikit-learn'],
    once: ['YDF'],
    bounds: [{ peer: 'scikit-learn', ratio: 0.1, within: 0.003 }],
  },
  'synth200k-predict': {
    of: 'synth200k-forest',
    time: 'predict',
    alike: true,
    bounds: [{ peer: 'scikit-learn', ratio: 0.5 }],
  },
  // Numbers for all, as scores can only be alike where the same is learned from.
  'flights-forest': {
    dataset: 'flights_num',
    learner: forest,
    peers: ['scikit-learn'],
    once: ['YDF'],
    bounds: [{ peer: 'scikit-learn', ratio: 0.1, within: 0.003 }],
  },
  // Categories for those that take them: scikit-learn has the numbers.
  'flights-categories-forest': {
    dataset: 'flights',
    learner: forest,
    peers: ['scikit-learn'],
    once: ['YDF'],
    bounds: [{ peer: 'scikit-learn', ratio: 0.1, least: -0.003 }],
  },
  'synth200k-boosting': {
    dataset: 'synth200k',
    metric: 'rocAuc',
    learner: boosting,
    peers: ['LightGBM', 'XGBoost', 'scikit-learn'],
    once: ['YDF', 'ydf-training'],
    bounds: [{ peer: 'LightGBM', ratio: 0.8, least: -0.001 }],
  },
  'flights-boosting': {
    dataset: 'flights',
    learner: boosting,
    peers: ['LightGBM', 'XGBoost', 'scikit-learn'],
    once: ['YDF'],
    bounds: [{ peer: 'LightGBM', ratio: 0.8, least: -0.001 }],
  },
  'diamonds-boosting': {
    dataset: 'diamonds',
    learner: boosting,
    peers: ['LightGBM', 'XGBoost', 'scikit-learn', 'YDF'],
    bounds: [{ peer: 'LightGBM', ratio: 1, factor: 1.01 }],
  },
  'synth200k-tree': {
    dataset: 'synth200k',
    learner: { kind: 'decision-tree' },
    peers: ['scikit-learn', 'YDF'],
    bounds: [{ peer: 'scikit-learn', ratio: 0.2, within: 0.005 }],
  },
  'synth200k-logistic': {
    dataset: 'synth200k',
    metric: 'logLoss',
    learner: { kind: 'logistic-regression' },
    peers: ['scikit-learn'],
    bounds: [{ peer: 'scikit-learn', ratio: 3, within: 1e-4 }],
  },
  'synth200k-mlp': {
    dataset: 'synth200k',
    learner: { kind: 'mlp', hiddenLayerSizes: [64], maxIter: 10, batchSize: 256 },
    peers: ['scikit-learn'],
    bounds: [{ peer: 'scikit-learn', ratio: 1.5, least: -0.005 }],
  },
  // How well the score tells the rarer class from the other, neither of which is learned from: late
  // flights are hardly unlike others, malignant tumours are.
  'flights-isolation': {
    dataset: 'flights_num',
    task: 'anomaly',
    learner: isolation,
    peers: ['scikit-learn'],
    bounds: [{ peer: 'scikit-learn', ratio: 2.5, within: 0.03 }],
  },
  'tumours-isolation': {
    dataset: 'breast_cancer',
    task: 'anomaly',
    learner: isolation,
    peers: ['scikit-learn'],
    bounds: [{ peer: 'scikit-learn', within: 0.03 }],
  },
};
