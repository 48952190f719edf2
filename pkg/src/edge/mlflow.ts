/** The scoring protocol of MLflow: `POST /invocations`. */
import { HedgerowError } from '../error.js';
import { type Cells, checkRows } from './cells.js';
import type { Description } from './description.js';
import { quoted, shown } from './refusal.js';
import type { Scores } from './scorer.js';
import { labelsOf, lastsOf, listsOf } from './scores.js';
import {
  bad,
  cellsOfColumns,
  cellsOfLists,
  cellsOfRecords,
  type Dictionary,
  isDictionary,
  type List,
  listOf,
  unwrapped,
} from './shapes.js';

/** The forms that rows come in. */
const FORMATS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

/** What is to be predicted, in scikit-learn's words. */
export type PredictMethod = 'predict' | 'predict_proba';

/** A request to predict. */
export interface Invocation {
  cells: Cells;
  method: PredictMethod;
}

/**
 * Reads the JSON body of a request.
 *
 * @throws {HedgerowError} `bad_request`, `bad_option`, `too_many_rows`, `wrong_length`.
 */
export function invocationOf(body: unknown, description: Description, maxRows: number): Invocation {
  const given = isDictionary(body) ? FORMATS.filter((format) => Object.hasOwn(body, format)) : [];
  const [format] = given;
  if (!isDictionary(body) || !format || given.length > 1) {
    throw bad(`the body must be an object with one of ${FORMATS.join(', ')}. Put the rows into one of them`);
  }
  const method = methodOf(body.params, description);
  const data = body[format];
  if (format === 'dataframe_split') return { cells: cellsOfSplit(data, description, maxRows), method };
  if (format === 'inputs' && isDictionary(data)) return { cells: cellsOfInputs(data), method };
  const rows = fewEnough(listOf(data, format), maxRows);
  const areRecords = format === 'dataframe_records' || isDictionary(rows[0]);
  return { cells: areRecords ? cellsOfRecords(rows) : cellsInOrder(rows, description), method };
}

/** `{ columns, data }`, as pandas has it; without `columns` they are in the model's order. */
function cellsOfSplit(split: unknown, description: Description, maxRows: number): Cells {
  if (!isDictionary(split)) throw bad('dataframe_split must be an object. Give it columns and data');
  const { columns, data } = split;
  const names = columns === undefined ? namesOf(description) : listOf(columns, 'columns').map(nameOf);
  return cellsOfLists(names, fewEnough(listOf(data, 'data'), maxRows));
}

function nameOf(name: unknown): string {
  if (typeof name === 'string' || typeof name === 'number') return String(name);
  throw bad('the names of columns must be strings. Give each column its name');
}

/** Rows as lists in the model's order, or as single values where it reads one feature. */
function cellsInOrder(rows: List, description: Description): Cells {
  const names = namesOf(description);
  const lists = names.length === 1 ? rows.map((row) => (Array.isArray(row) ? row : [row])) : rows;
  return cellsOfLists(names, lists);
}

/** `{"name": [value, …]}`, where a value may be a list of one. */
function cellsOfInputs(inputs: Dictionary): Cells {
  const names = Object.keys(inputs);
  const values = (name: string) => unwrapped(listOf(inputs[name], `the column ${quoted(name)}`));
  return cellsOfColumns(names, names.map(values));
}

/** Before anything is made of them. */
function fewEnough(rows: List, maxRows: number): List {
  checkRows(rows.length, maxRows);
  return rows;
}

function namesOf({ features }: Description): string[] {
  return features.map(({ name }) => name);
}

/**
 * MLflow ignores parameters that it does not know, and says so in its log. Here nobody reads a log, so
 * they are refused.
 */
function methodOf(params: unknown, { task }: Description): PredictMethod {
  if (params === undefined || params === null) return 'predict';
  const { predict_method: method = 'predict', ...others } = isDictionary(params) ? params : { params };
  const [unknown] = Object.keys(others);
  if (unknown === undefined && method === 'predict') return method;
  if (unknown !== undefined || method !== 'predict_proba') {
    throw new HedgerowError(
      'the params are not known. There is predict_method, which is "predict" or "predict_proba".',
      'bad_option',
      { column: shown(unknown ?? 'predict_method') },
    );
  }
  if (task !== 'regression') return method;
  throw new HedgerowError(
    'this model predicts a number, which has no probability. Leave predict_method out.',
    'bad_option',
    { column: 'predict_method' },
  );
}

/** What is answered for each row: a label, a number, the score of an anomaly, or a list of probabilities. */
export function predictionsOf(
  scores: Scores,
  { task, classes, outputs }: Description,
  method: PredictMethod,
): List {
  if (method === 'predict_proba') return listsOf(scores.values, outputs);
  if (task === 'classification') return labelsOf(scores, classes);
  return lastsOf(scores.values, outputs);
}
