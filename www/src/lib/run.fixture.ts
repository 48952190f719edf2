/** A run, for tests. */
import type { Run } from 'hedgerow/track';

export const run: Run = {
  id: 'a'.repeat(32),
  experiment: 'penguins',
  parent: undefined,
  name: 'random-forest',
  status: 'FINISHED',
  started: 1000,
  ended: 3500,
  note: '',
  children: 0,
  params: { learner: 'random-forest', n_estimators: '300' },
  tags: {},
  metrics: [
    { key: 'balancedAccuracy', value: 0.9, at: 0 },
    { key: 'oob_accuracy', value: 0.95, step: 300, at: 0 },
    { key: 'accuracy', value: 0.9712, at: 0 },
    { key: 'my metric', value: null, at: 0 },
  ],
  inputs: [{ dataset: 'b', name: 'penguins.csv', context: 'training' }],
  artifacts: [],
  versions: [],
};
