/** The Open Inference Protocol, version 2: tensors named as the features are. */
import { HedgerowError } from '../error.js';
import type { Cells } from './cells.js';
import type { Description } from './description.js';
import { quoted } from './refusal.js';
import type { Scores } from './scorer.js';
import { bad, cellsOfColumns, isDictionary, type List, listOf, unwrapped } from './shapes.js';
import { type Output, outputsOf } from './tensors.js';

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
  const what = `the input ${quoted(name)}`;
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
    `value ${row + 1} of the input ${quoted(name)} is no ${type}, as its datatype says. Correct one of them.`,
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
