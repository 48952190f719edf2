/** What goes into a model and what comes out, as tensors of the Open Inference Protocol. */
import type { Description, FeatureKind } from './description.js';
import { exampleOf } from './example.js';
import type { Scores } from './scorer.js';
import { labelsOf, lastsOf } from './scores.js';
import type { List } from './shapes.js';

/** The datatype that a feature is described with. */
const DATATYPES: Readonly<Record<FeatureKind, string>> = {
  number: 'FP64',
  boolean: 'BOOL',
  category: 'BYTES',
  date: 'BYTES',
  text: 'BYTES',
};

/** A tensor without its values; -1 is as many as there are rows. */
interface TensorType {
  name: string;
  datatype: string;
  shape: readonly number[];
}

/** An output, and how its values are made. */
export interface Output extends TensorType {
  values(scores: Scores): List;
}

/** What a model gives: a label and the probabilities, a prediction, or the score of an anomaly and its label. */
export function outputsOf({ task, classes, outputs }: Description): Output[] {
  const last = (name: string): Output => ({
    name,
    datatype: 'FP64',
    shape: [-1],
    values: (scores) => lastsOf(scores.values, outputs),
  });
  if (task === 'regression') return [last('prediction')];
  const label: Output = {
    name: 'label',
    datatype: 'BYTES',
    shape: [-1],
    values: (scores) => labelsOf(scores, classes),
  };
  if (task === 'anomaly') return [last('score'), label];
  const values = (scores: Scores) => Array.from(scores.values);
  return [label, { name: 'probabilities', datatype: 'FP64', shape: [-1, outputs], values }];
}

/** The tensors of a model. */
export function metadataOf(description: Description): unknown {
  const { name, version, features } = description;
  return {
    name,
    versions: [version],
    platform: 'hedgerow',
    inputs: features.map((feature) => ({
      name: feature.name,
      datatype: DATATYPES[feature.kind],
      shape: [-1],
    })),
    outputs: outputsOf(description).map(({ name, datatype, shape }) => ({ name, datatype, shape })),
  };
}

/** The inputs of a request for one typical row. */
export function exampleInputs(description: Description): unknown {
  const row = exampleOf(description);
  return description.features.map(({ name, kind }) => ({
    name,
    shape: [1],
    datatype: DATATYPES[kind],
    data: [row[name]],
  }));
}
