import { calling, HedgerowError } from './error.js';
import { type EvaluateOptions, evaluateModel } from './evaluate.js';
import type { ExportedFile, Target } from './export/hedgerow_export.js';
import { type RowInput, rawTable, Table } from './table.js';
import {
  type Calibration,
  type Coefficient,
  type Provenance,
  Model as RawModel,
  type Prediction as RawPrediction,
  type Report,
  type Schema,
  type TreePicture,
} from './wasm/hedgerow.js';

/** A predicted class with the probability of each. */
export interface ClassPrediction {
  label: string;
  /** By class; they sum to 1. */
  probabilities: Record<string, number>;
}

/** The classes predicted for some rows, as columns. */
export interface ClassColumns {
  kind: 'classification';
  classes: string[];
  /** One a row: the predicted class, as an index into `classes`. */
  codes: Uint32Array;
  /** One array a class, in the order of `classes`, with a number a row; those of a row sum to 1. */
  probabilities: Float64Array[];
}

/** The numbers predicted for some rows, as a column. */
export interface NumberColumns {
  kind: 'regression';
  /** One a row. */
  values: Float64Array;
}

/** What a model predicts for some rows, as columns; `kind` tells which. */
export type PredictionColumns = ClassColumns | NumberColumns;

/** What a model is and where it came from. */
export interface ModelInfo {
  /** The columns it reads, and what it predicts. */
  schema: Schema;
  /** Learner, parameters, seed, training data, metrics, importances. */
  provenance: Provenance;
  /** How its probabilities are corrected, where they are. */
  calibration?: Calibration;
  /** The probability from which the second of two classes is predicted; without, the more probable class is. */
  threshold?: number;
  /** Whether its file has a profile of the rows trained on, with which `hedgerow/monitor` compares new ones. */
  profiled: boolean;
}

/** How a model is exported. */
export interface ExportOptions {
  /**
   * What the service is called in paths, answers and metrics: lower-case letters, digits and hyphens, at
   * most 54. Default: what the model predicts.
   */
  name?: string | undefined;
}

/** How a router is exported. */
export interface RouterExportOptions extends ExportOptions {
  /** The share of units that the challenger answers, 0 to 1. Default 0.1. */
  weight?: number | undefined;
}

let rawModel: (model: Model) => RawModel;
let unpackModel: (parcel: Uint8Array) => Model;
let wrapModel: (raw: RawModel) => Model;

/**
 * A trained model. It takes rows as the training data had them: missing values, categories and
 * scaling are its own business.
 *
 * Its memory is freed some time after nothing refers to it any more, or at once by `free()`.
 */
export class Model {
  readonly #raw: RawModel;
  #info: ModelInfo | undefined;
  #freed = false;

  private constructor(raw: RawModel) {
    this.#raw = raw;
  }

  static {
    rawModel = (model) => {
      if (model.#freed) throw new HedgerowError('the model was freed. Load it again.', 'freed');
      return model.#raw;
    };
    wrapModel = (raw) => new Model(raw);
    unpackModel = (parcel) => new Model(calling(() => RawModel.fromParcel(parcel)));
  }

  /**
   * Reads a model file, from a stranger too: it is checked and runs no code.
   *
   * @throws {HedgerowError} `model_not_a_model`, `model_damaged` or `model_later_version`.
   */
  static load(bytes: Uint8Array | ArrayBuffer): Model {
    return new Model(
      calling(() => RawModel.fromBytes(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes))),
    );
  }

  /** The model file, in the safetensors format. */
  save(): Uint8Array {
    return this.#get((raw) => raw.toBytes());
  }

  /** The model's identity: SHA-256 over its file, in hexadecimal. */
  get sha256(): string {
    return this.#get((raw) => raw.sha256);
  }

  /** What it reads and predicts, and where it came from. */
  get info(): ModelInfo {
    this.#info ??= this.#get(({ schema, provenance, calibration, threshold, profiled }) => ({
      schema,
      provenance,
      ...(calibration && { calibration }),
      ...(threshold !== undefined && { threshold }),
      profiled,
    }));
    return this.#info;
  }

  /**
   * A tree of the model, for a picture: its questions, and what its leaves say. A decision tree is
   * number 0 of 1.
   *
   * @param options.maxDepth Splits one below the other at most. Default 10.
   * @throws {HedgerowError} `no_tree`.
   */
  tree(index = 0, options: { maxDepth?: number } = {}): TreePicture {
    return this.#get((raw) => raw.tree(index, options.maxDepth ?? 10));
  }

  /** The same as text, a line a question. */
  treeText(index = 0, options: { maxDepth?: number } = {}): string {
    return this.#get((raw) => raw.treeText(index, options.maxDepth ?? 10));
  }

  /**
   * The coefficients of a linear model, in the features' own units: of each score the intercept, then
   * every feature's. Empty for other models.
   */
  coefficients(): Coefficient[] {
    return this.#get((raw) => raw.coefficients());
  }

  /**
   * Predicts a class label, or a number, for every row of a table or array of row objects. A row
   * object may leave columns out: they are missing values. Columns of a table that the model does
   * not know are left alone.
   *
   * @param options.proba Also the probability of every class; classifiers only.
   * @throws {HedgerowError} `unknown_field`, `missing_column`, `bad_value`, `wrong_kind`.
   */
  predict(rows: Table | readonly RowInput[], options?: { proba?: false }): string[] | number[];
  predict(rows: Table | readonly RowInput[], options: { proba: true }): ClassPrediction[];
  predict(
    rows: Table | readonly RowInput[],
    options: { proba?: boolean } = {},
  ): string[] | number[] | ClassPrediction[] {
    const { task } = this.info.schema;
    if (options.proba && task.kind === 'regression') {
      throw new HedgerowError(
        'this model predicts a number, which has no probability. Leave proba out.',
        'bad_option',
      );
    }
    return this.#using(rows, ({ codes, values }) => {
      if (task.kind === 'regression') return Array.from(values);
      const labels = Array.from(codes, (code) => task.classes[code] ?? '');
      return options.proba ? withProbabilities(labels, task.classes, values) : labels;
    });
  }

  /**
   * The same predictions as typed arrays, with the probability of every class: for many rows, of
   * which `predict` would make as many objects. The anomaly score is the probability of the second
   * class.
   *
   * @throws {HedgerowError} `unknown_field`, `missing_column`, `bad_value`, `wrong_kind`.
   */
  predictColumns(rows: Table | readonly RowInput[]): PredictionColumns {
    const { task } = this.info.schema;
    return this.#using(rows, ({ codes, values }) => {
      if (task.kind === 'regression') return { kind: task.kind, values };
      const { kind, classes } = task;
      const probabilities = classes.map((_, index) => everyNth(values, classes.length, index));
      return { kind, classes: [...classes], codes, probabilities };
    });
  }

  /**
   * Measures the model on a table that holds the target: metrics beside those of a baseline,
   * curves, confusion or residuals, and how much each column matters.
   */
  evaluate(table: Table, options: EvaluateOptions = {}): Promise<Report> {
    return evaluateModel(rawModel(this), table, options);
  }

  /**
   * Makes what serves the model: a folder of files, with a README that says how to run it. What makes it is
   * loaded with the first export.
   *
   * @param target Where it is to run; `exportTargets()` lists what there is.
   * @throws {HedgerowError} `unknown_target`, `bad_name`, `model_too_large`, `not_in_onnx`, `not_loaded`.
   */
  async export(target: Target, { name }: ExportOptions = {}): Promise<ExportedFile[]> {
    const parcel = this.#get((raw) => raw.toParcel());
    const { filesOf } = await import('./export.js');
    return filesOf(parcel, target, name);
  }

  /**
   * Makes what serves this model, the champion, and to some units another one that predicts the same: an A/B test,
   * a canary or a shadow, on Node, Deno, Bun and Cloudflare. What decides is `hedgerow/edge/router`.
   *
   * @throws {HedgerowError} `models_differ`, `bad_weight`, `bad_name`, `model_too_large`, `not_loaded`.
   */
  async exportRouter(
    challenger: Model,
    { weight = 0.1, name }: RouterExportOptions = {},
  ): Promise<ExportedFile[]> {
    const [own, other] = [this, challenger].map((model) => model.#get((raw) => raw.toParcel()));
    const { routerOf } = await import('./export.js');
    return routerOf(own ?? new Uint8Array(), other ?? new Uint8Array(), weight, name);
  }

  /**
   * The model as a WebAssembly module of its own, for `Scorer.from` and `createHandler` of `hedgerow/edge`:
   * what `export('wasm')` has as `model.wasm`, compiled.
   *
   * @throws {HedgerowError} `bad_name`, `model_too_large`, `not_loaded`.
   */
  async compile(options: ExportOptions = {}): Promise<WebAssembly.Module> {
    const files = await this.export('wasm', options);
    const module = files.find(({ path }) => path === 'model.wasm');
    return WebAssembly.compile(module?.bytes ?? new Uint8Array());
  }

  /** Frees its memory at once. The model cannot be used any more. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#raw.free();
  }

  #get<T>(read: (raw: RawModel) => T): T {
    return calling(() => read(rawModel(this)));
  }

  /** Predicts, and reads something off it. */
  #using<T>(rows: Table | readonly RowInput[], read: (prediction: RawPrediction) => T): T {
    const prediction = rows instanceof Table ? this.#predict(rows) : this.#predictRows(rows);
    try {
      return read(prediction);
    } finally {
      prediction.free();
    }
  }

  #predict(table: Table): RawPrediction {
    return this.#get((raw) => raw.predict(rawTable(table)));
  }

  #predictRows(rows: readonly RowInput[]): RawPrediction {
    this.#get((raw) => raw.checkFields([...new Set(rows.flatMap(Object.keys))]));
    const names = this.info.schema.features.map(({ name }) => name);
    // A column that no row has is all missing.
    const columns = names.map((name) => [name, rows.map((row) => row[name] ?? null)]);
    const table = Table.fromColumns(Object.fromEntries(columns));
    try {
      return this.#predict(table);
    } finally {
      table.free();
    }
  }
}

/** Every `n`th value, from `first` on. */
function everyNth(values: Float64Array, n: number, first: number): Float64Array {
  const own = new Float64Array(values.length / n);
  for (let row = 0; row < own.length; row++) own[row] = values[row * n + first] ?? 0;
  return own;
}

function withProbabilities(labels: string[], classes: string[], values: Float64Array): ClassPrediction[] {
  return labels.map((label, row) => ({
    label,
    probabilities: Object.fromEntries(
      classes.map((name, index) => [name, values[row * classes.length + index] ?? 0]),
    ),
  }));
}

export { rawModel, unpackModel, wrapModel };
