/** The data sets of the benches, and how good a model of them is told. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * `numbers` is the same data with numbers only, for peers that take nothing else; `small`: too small for
 * a test part to tell good models apart.
 */
export const datasets = {
  letter: { target: 'lettr', task: 'classification', metric: 'accuracy' },
  credit: { target: 'Status', task: 'classification', metric: 'rocAuc' },
  flights: { target: 'delayed', task: 'classification', metric: 'rocAuc', numbers: 'flights_num' },
  flights_num: { target: 'delayed', task: 'classification', metric: 'rocAuc' },
  diamonds: { target: 'price', task: 'regression', metric: 'rmse', numbers: 'diamonds_num' },
  breast_cancer: { target: 'target', task: 'classification', metric: 'rocAuc', small: true },
  synth200k: { target: 'y', task: 'classification', metric: 'accuracy' },
};

/** Paths of the training and test CSV of a data set, unpacked once into `OUT/data`. */
export function unpacked({ data, out }, name) {
  return Object.fromEntries(
    ['train', 'test'].map((part) => [part, unpack(data, out, `${name}_${part}.csv`)]),
  );
}

function unpack(data, out, name) {
  const path = `${out}/data/${name}`;
  if (existsSync(path)) return path;
  mkdirSync(`${out}/data`, { recursive: true });
  writeFileSync(`${path}.part`, gunzipSync(readFileSync(`${data}/${name}.gz`)));
  renameSync(`${path}.part`, path);
  return path;
}
