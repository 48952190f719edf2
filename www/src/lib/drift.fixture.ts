/** A drift report for tests: numbers that moved, words that did not, a prediction, and what had no values. */
import type { ColumnDrift, MonitorReport, Picture } from 'hedgerow/monitor';

const side = (shares: number[], more: object = {}) => ({ rows: 200, missing: 0, new: 0, shares, ...more });

const moved: Picture = {
  edges: [0, 1, 2],
  reference: side([0.8, 0.2], { mean: 0.7, std: 0.4 }),
  current: side([0.3, 0.7], { mean: 1.2, std: 0.4, missing: 20 }),
};
const same: Picture = {
  words: ['a<b>', 'c'],
  reference: side([0.5, 0.5, 0]),
  current: side([0.51, 0.49, 0]),
};

export const columns: ColumnDrift[] = [
  {
    name: 'word',
    role: 'feature',
    test: 'jensen_shannon',
    score: 0.01,
    threshold: 0.1,
    drifted: false,
    picture: same,
  },
  {
    name: 'height',
    role: 'feature',
    test: 'wasserstein',
    score: 0.5,
    threshold: 0.1,
    drifted: true,
    picture: moved,
  },
  {
    name: 'few',
    role: 'feature',
    test: 'kolmogorov_smirnov',
    score: 1e-12,
    threshold: 0.05,
    drifted: true,
    picture: moved,
  },
  { name: 'empty', role: 'feature', picture: same },
  {
    name: 'kind',
    role: 'prediction',
    test: 'jensen_shannon',
    score: 0.09,
    threshold: 0.1,
    drifted: false,
    picture: same,
  },
];

export const report: MonitorReport = {
  referenceRows: 1000,
  rows: 200,
  tested: 3,
  drifted: 2,
  driftedShare: 2 / 3,
  dataDrift: true,
  columns,
  findings: [],
  alarms: [
    {
      rule: 'data drift',
      figure: 'drifted_share',
      columns: ['height'],
      role: 'feature',
      value: 2 / 3,
      message: 'data drift: two',
    },
  ],
};
