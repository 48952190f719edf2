/**
 * A work in steps, so that whoever measures it can look at the clock between them; the same in Node
 * and in a page.
 */
import { Table, train } from 'hedgerow';
import { synthetic } from './synthetic.mjs';

/** `read` gets the bytes of the training or test CSV. */
export function steps({ target, task, learner, workers, generate }, read) {
  let fit;
  let test;
  let model;
  let batch;
  return {
    async read() {
      if (generate) {
        fit = Table.fromColumns(synthetic(generate.rows, generate.columns));
        return;
      }
      fit = await Table.fromCsv(await read('train'));
      test = await Table.fromCsv(await read('test'));
    },
    async train() {
      model = await train(fit, { target, task, learner, seed: 42, workers });
    },
    predict() {
      batch = model.predict(test);
    },
    async metrics() {
      return (await model.evaluate(test, { importance: false })).metrics;
    },
    /** The share of rows that are predicted alike alone and in the batch. */
    alike() {
      const alone = test.toRows().map((row) => {
        delete row[target];
        return model.predict([row])[0];
      });
      return alone.filter((label, row) => label === batch[row]).length / alone.length;
    },
    identity: () => model.sha256,
  };
}
