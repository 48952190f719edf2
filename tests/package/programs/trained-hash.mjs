// What the same-bytes test runs, in Node and in Chromium.
import { Table, train } from 'hedgerow';

/** The identity of the model that a CSV, a target if any, a learner and a seed give. */
export async function trainedHash(csv, { target, learner, seed }, workers) {
  const read = await Table.fromCsv(csv);
  const table = target ? read.dropMissing([target]) : read;
  const model = await train(table, { target, learner, seed, workers });
  return model.sha256;
}
