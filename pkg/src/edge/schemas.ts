/** The schemas of bodies and answers, as JSON Schema has them. */
import { EXPECTED } from './cells.js';
import type { Description, Feature, FeatureKind } from './description.js';
import type { Settings } from './options.js';

/** Categories that are listed as examples at most. */
const LISTED = 20;

/** What a value of each kind may be in JSON. */
const TYPES: Readonly<Record<FeatureKind, readonly string[]>> = {
  number: ['number', 'boolean', 'null'],
  boolean: ['boolean', 'number', 'null'],
  category: ['string', 'number', 'boolean', 'null'],
  text: ['string', 'number', 'boolean', 'null'],
  date: ['string', 'number', 'null'],
};

const string = { type: 'string' };
const list = (items: unknown) => ({ type: 'array', items });
const object = (properties: unknown, required?: readonly string[]) => ({
  type: 'object',
  properties,
  required,
});

const tensor = object({ name: string, shape: list({ type: 'integer' }), datatype: string, data: list({}) }, [
  'name',
  'shape',
  'datatype',
  'data',
]);

/** A schema by its name. */
export function ref(name: string): unknown {
  return { $ref: `#/components/schemas/${name}` };
}

/** All of them. */
export function schemasOf(description: Description, settings: Settings): unknown {
  return {
    Row: rowOf(description, settings),
    Invocation: invocationOf(description),
    Predictions: object({ predictions: list(predictionOf(description)) }, ['predictions']),
    InferenceRequest: object({ id: string, inputs: list(tensor), outputs: list(object({ name: string })) }, [
      'inputs',
    ]),
    InferenceResponse: object({
      model_name: string,
      model_version: string,
      id: string,
      outputs: list(tensor),
    }),
    Error: object({ error: string, code: string, field: string, row: { type: 'integer' }, value: string }, [
      'error',
      'code',
    ]),
  };
}

function rowOf({ features }: Description, { missingFields, extraFields }: Settings): unknown {
  return {
    ...object(
      Object.fromEntries(features.map((feature) => [feature.name, fieldOf(feature)])),
      missingFields === 'refuse' ? features.map(({ name }) => name) : [],
    ),
    additionalProperties: extraFields === 'ignore',
  };
}

/** No values are ruled out: a model takes categories that it has not seen, and any number. */
function fieldOf({ kind, min, max, categories }: Feature): unknown {
  const range =
    min === undefined || max === undefined || kind !== 'number' ? '' : `; seen in training: ${min} to ${max}`;
  return {
    type: TYPES[kind],
    description: `${EXPECTED[kind]}, or null where it is missing${range}`,
    examples: categories?.slice(0, LISTED),
  };
}

function invocationOf({ features }: Description): unknown {
  const rows = list(list({}));
  const forms = {
    dataframe_records: list(ref('Row')),
    dataframe_split: object({ columns: list(string), data: rows }, ['data']),
    instances: { oneOf: [list(ref('Row')), rows] },
    inputs: { oneOf: [object(Object.fromEntries(features.map(({ name }) => [name, list({})]))), rows] },
  };
  return {
    ...object({ ...forms, params: object({ predict_method: { enum: ['predict', 'predict_proba'] } }) }),
    oneOf: Object.keys(forms).map((name) => ({ required: [name] })),
  };
}

/** With predict_proba, the probability of every class. */
function predictionOf({ task, classes }: Description): unknown {
  const number = { type: 'number' };
  if (task === 'regression') return number;
  const plain = task === 'classification' ? { enum: classes } : number;
  return { oneOf: [plain, { ...list(number), description: `Of ${classes.join(', ')}` }] };
}
