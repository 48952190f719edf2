/** The Open Inference Protocol, version 2: tensors named as the features are. */
import { HedgerowError } from '../error.js';
import type { Cells } from './cells.js';
import type { Description, FeatureKind } from './description.js';
import { exampleOf } from './example.js';
import type { Scores } from './scorer.js';
import { labelsOf, lastsOf } from './scores.js';
import { bad, cellsOfColumns, isDictionary, type List, listOf, unwrapped } from './shapes.js';

/** What the values of a tensor are in JSON, by its datatype. */
const TYPES: Readonly<Record<string, 'boolean' | 'number' | 'string'>> = {
  BOOL: 'boolean',
  ...Object.fromEntries(
    ['UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'FP16', 'FP32', 'FP64'].map(
      (name) => [name, 'number'],
    ),
  ),
  BYTES: 'string',
};

/** The datatype that a feature is described with. */
const DATATYPES: Readonly<Record<FeatureKind, string>> = {
  number: 'FP64',
  boolean: 'BOOL',
  category: 'BYTES',
  date: 'BYTES',
  text: 'BYTES',
};

/** A tensor without its values; -1 is as many as there are rows. */
export interface TensorType {
  name: string;
  datatype: string;
  shape: readonly number[];
}

/** An output, and how its values are made. */
interface Output extends TensorType {
  values(scores: Scores): List;
}

/** A request to infer. */
export interface Inference {
  id?: string;
  cells: Cells;
  /** The names of the outputs asked for. */
  wanted: readonly string[];
}

/**
 * Reads the body of a request. `null` among the values is missing.
 *
 * @throws {HedgerowError} `bad_request`, `wrong_length`, `unknown_output`.
 */
export function inferenceOf(body: unknown, description: Description): Inference {
  if (!isDictionary(body)) throw bad('the body must be an object. Give it inputs');
  const inputs = listOf(body.inputs, 'inputs').map(tensorOf);
  const cells = cellsOfColumns(
    inputs.map(({ name }) => name),
    inputs.map(({ values }) => values),
  );
  const wanted = wantedOf(body.outputs, outputsOf(description));
  return { ...(typeof body.id === 'string' && { id: body.id }), cells, wanted };
}

function tensorOf(input: unknown): { name: string; values: List } {
  if (!isDictionary(input) || typeof input.name !== 'string') {
    throw bad('every input must be an object with name, shape, datatype and data. Name it as its feature');
  }
  const { name, shape, datatype, data } = input;
  const what = `the input ${JSON.stringify(name)}`;
  const values = unwrapped(listOf(data, `the data of ${what}`));
  const [rows, width = 1, ...more] = listOf(shape, `the shape of ${what}`);
  if (rows !== values.length || width !== 1 || more.length > 0) {
    throw bad(
      `the shape of ${what} must be [${values.length}] or [${values.length}, 1], as it has so many values. Correct it`,
    );
  }
  const type = typeof datatype === 'string' && Object.hasOwn(TYPES, datatype) ? TYPES[datatype] : undefined;
  if (!type) throw bad(`the datatype of ${what} must be one of ${Object.keys(TYPES).join(', ')}. Correct it`);
  checkType(name, type, values);
  return { name, values };
}

function checkType(name: string, type: string, values: List): void {
  const row = values.findIndex((value) => value !== null && typeof value !== type);
  if (row < 0) return;
  throw new HedgerowError(
    `value ${row + 1} of the input ${JSON.stringify(name)} is no ${type}, as its datatype says. Correct one of them.`,
    'bad_value',
    { column: name, row: row + 1 },
  );
}

function wantedOf(asked: unknown, outputs: readonly Output[]): string[] {
  const known = outputs.map(({ name }) => name);
  if (asked === undefined) return known;
  return listOf(asked, 'outputs').map((output) => {
    const name = isDictionary(output) ? output.name : undefined;
    if (typeof name === 'string' && known.includes(name)) return name;
    throw new HedgerowError(
      `an output is asked for that there is not. There are: ${known.join(', ')}.`,
      'unknown_output',
    );
  });
}

/** The answer to a request. */
export function inferred(
  inference: Inference,
  scores: Scores,
  description: Description,
  rows: number,
): unknown {
  const { id, wanted } = inference;
  const outputs = outputsOf(description).filter(({ name }) => wanted.includes(name));
  return {
    model_name: description.name,
    model_version: description.version,
    id,
    outputs: outputs.map(({ name, datatype, shape, values }) => ({
      name,
      datatype,
      shape: shape.map((size) => (size < 0 ? rows : size)),
      data: values(scores),
    })),
  };
}

/** What a model gives: a label and the probabilities, a prediction, or the score of an anomaly and its label. */
function outputsOf({ task, classes, outputs }: Description): Output[] {
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
