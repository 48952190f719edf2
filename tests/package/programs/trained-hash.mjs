// What the same-bytes test runs, in Node and in Chromium.
import { Table, train } from 'hedgerow';

/** The identity of the model that a CSV, a target, parameters and a seed give. */
export async function trainedHash(csv, { target, nEstimators, seed }, workers) {
  const table = (await Table.fromCsv(csv)).dropMissing([target]);
  const learner = { kind: 'random-forest', nEstimators };
  const model = await train(table, { target, learner, seed, workers });
  return model.sha256;
}
