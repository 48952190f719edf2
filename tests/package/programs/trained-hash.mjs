// What the same-bytes test runs, in Node and in Chromium.
import { Table, train } from 'hedgerow';

/** The identity of the model that a CSV, a target, a learner and a seed give. */
export async function trainedHash(csv, { target, learner, seed }, workers) {
  const table = (await Table.fromCsv(csv)).dropMissing([target]);
  const model = await train(table, { target, learner, seed, workers });
  return model.sha256;
}
