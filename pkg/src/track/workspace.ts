/** A workspace, as its users see it. */
import type {
  Comparison,
  DatasetDifference,
  Entry,
  Experiment,
  KeptDataset,
  Lineage,
  Merged,
  Move,
  NewVersion,
  Page,
  Pulled,
  Pushed,
  Query,
  RegisteredModel,
  Request,
  Run,
  Selection,
  Series,
  TransferRequest,
  Verified,
  Version,
} from './hedgerow_track.js';
import type { Line, StorageInfo } from './line.js';
import { type AskTransfer, type TransferOptions, transfer } from './mlflow/transfer.js';
import { CLIENT } from './orphans.js';
import { ActiveRun, datasetOf, type TableLike, type Texts, texts } from './run.js';

/** A run to begin. */
export interface StartOptions {
  /** Made where there is none of the name. Default `Default`. */
  experiment?: string;
  name?: string;
  /** The id of the run that this one is part of. */
  parent?: string;
  params?: Texts;
  tags?: Texts;
  /** What was asked for, enough to do it again: what `recipe` of the main entry makes of a training. */
  recipe?: unknown;
}

/** What is handed on to an MLflow server. */
export interface PushOptions extends TransferOptions {
  /** By the beginnings of their ids; with each go the runs above and below it. Default: all that have ended. */
  runs?: readonly string[];
  /** Only runs of these experiments. Default: of all. */
  experiments?: readonly string[];
  /** Models, too, so that MLflow loads and serves them, and the registry. Default false. */
  models?: boolean;
}

/** What is taken from an MLflow server. */
export interface PullOptions extends TransferOptions {
  /** The experiment's name. */
  experiment: string;
}

/**
 * Experiments, runs, versions of data sets, registered models and an audit log, in one SQLite file. What a
 * promise resolved for is on the disk.
 *
 * All methods throw `HedgerowError`s, by whose `code` one tells what it is: `no_run`, `workspace_full`, …
 */
export class Workspace {
  readonly #line: Line;
  readonly #author: string;

  /** @internal */
  constructor(line: Line, author: string) {
    this.#line = line;
    this.#author = author;
  }

  /** Begins a run. Who begins it has to end it; where that is gone, it is ended as `FAILED`. */
  async startRun(options: StartOptions = {}): Promise<ActiveRun> {
    const { params = {}, tags = {}, ...rest } = options;
    const experiment = rest.experiment ? { experiment: rest.experiment } : {};
    const run = {
      ...rest,
      params: texts(params),
      tags: { ...texts(tags), [CLIENT]: this.#line.client },
      nonce: crypto.randomUUID(),
    };
    const id = await this.#ask<string>({ do: 'startRun', run });
    return new ActiveRun(
      id,
      (request, bytes) => this.#ask(request, bytes),
      (child) => this.startRun({ ...child, ...experiment, parent: id }),
    );
  }

  /**
   * The runs of a query, the latest first unless it says otherwise.
   *
   * ```js
   * const { runs, total } = await workspace.runs({
   *   filter: "metrics.oob_accuracy > 0.9 and params.learner = 'random-forest'",
   *   orderBy: 'metrics.oob_accuracy DESC',
   *   limit: 20,
   * });
   * ```
   *
   * @throws {HedgerowError} `bad_filter`, `bad_value`.
   */
  runs(query: Query = {}): Promise<Page> {
    return this.#ask({ do: 'runs', query });
  }

  /** A run by its id, or by as much of its beginning as no other has. */
  async run(id: string): Promise<Run> {
    return this.#ask({ do: 'run', run: await this.runId(id) });
  }

  /** The id that begins so. */
  runId(prefix: string): Promise<string> {
    return this.#ask({ do: 'runId', prefix });
  }

  /** What a run was asked to do. */
  recipe(run: string): Promise<unknown> {
    return this.#ask({ do: 'recipe', run });
  }

  /** All experiments with how many runs they have, that of the latest run first. */
  experiments(): Promise<Experiment[]> {
    return this.#ask({ do: 'experiments' });
  }

  /** All points of a metric of a run, by step. */
  series(run: string, key: string): Promise<Series> {
    return this.#ask({ do: 'series', run, key });
  }

  /** Runs side by side. */
  compare(runs: readonly string[]): Promise<Comparison> {
    return this.#ask({ do: 'compare', runs: [...runs] });
  }

  /** A file of a run. */
  artifact(run: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#askBytes({ do: 'artifact', run, path });
  }

  /** Sets tags of a run, whether it has ended or not; an empty one is taken away. */
  tagRun(run: string, tags: Texts): Promise<void> {
    return this.#ask({ do: 'tagRun', run, tags: texts(tags) });
  }

  /** Sets the note of a run. */
  noteRun(run: string, note: string): Promise<void> {
    return this.#ask({ do: 'noteRun', run, note });
  }

  /** Renames a run. */
  renameRun(run: string, name: string): Promise<void> {
    return this.#ask({ do: 'renameRun', run, name });
  }

  /**
   * Deletes a run and those that are part of it, for good.
   *
   * @throws {HedgerowError} `run_running`; `exists` where a registered version came from it.
   */
  deleteRun(run: string, reason = ''): Promise<void> {
    return this.#ask({ do: 'deleteRun', run, reason });
  }

  /** All versions of data sets, the latest first. */
  datasets(): Promise<KeptDataset[]> {
    return this.#ask({ do: 'datasets' });
  }

  /** Keeps a version of a data set, and its file where that is given. */
  keepDataset(table: TableLike, name: string, file?: Uint8Array): Promise<void> {
    return this.#ask({ do: 'keepDataset', dataset: datasetOf(table, name) }, file);
  }

  /** The file of a data set; undefined where it is not kept. */
  async datasetBytes(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const answer = await this.#answer({ do: 'datasetBytes', id });
    return answer instanceof Uint8Array ? answer : undefined;
  }

  /** What differs from one version of a data set to another. */
  datasetDifference(from: string, to: string): Promise<DatasetDifference> {
    return this.#ask({ do: 'datasetDifference', from, to });
  }

  /**
   * Registers the model of a run, or a model file, as the next version of a name. What is registered
   * already is the version that it is.
   */
  register(version: NewVersion, file?: Uint8Array): Promise<Version> {
    return this.#ask({ do: 'register', version }, file);
  }

  /** All registered models, with their versions and aliases. */
  models(): Promise<RegisteredModel[]> {
    return this.#ask({ do: 'models' });
  }

  /** A registered model. */
  model(name: string): Promise<RegisteredModel> {
    return this.#ask({ do: 'model', name });
  }

  /** A version by `name`, `name/3` or `name@champion`. */
  version(text: string): Promise<Version> {
    return this.#ask({ do: 'findVersion', text });
  }

  /** The model file of a version, for `Model.load`. */
  async versionBytes(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const { name, version } = await this.version(text);
    return this.#askBytes({ do: 'versionBytes', name, version });
  }

  /** Describes a model, or one of its versions. */
  describe(name: string, description: string, version?: number): Promise<void> {
    return version === undefined
      ? this.#ask({ do: 'describeModel', name, description })
      : this.#ask({ do: 'describeVersion', name, version, description });
  }

  /** Sets tags of a version, such as `stage`; an empty one is taken away. */
  tagVersion(name: string, version: number, tags: Texts): Promise<void> {
    return this.#ask({ do: 'tagVersion', name, version, tags: texts(tags) });
  }

  /** Lets an alias such as `champion` be a version; why is to be said. */
  promote(name: string, version: number, alias: string, reason: string): Promise<void> {
    return this.#ask({ do: 'promote', name, version, alias, reason });
  }

  /** Lets an alias be the version that it was before; the answer is its number. */
  rollback(name: string, alias: string, reason: string): Promise<number> {
    return this.#ask({ do: 'rollback', name, alias, reason });
  }

  /** Takes an alias away. */
  removeAlias(name: string, alias: string, reason: string): Promise<void> {
    return this.#ask({ do: 'removeAlias', name, alias, reason });
  }

  /** How the aliases of a model moved. */
  moves(name: string): Promise<Move[]> {
    return this.#ask({ do: 'moves', name });
  }

  /** Notes that a version was exported, with the SHA-256 of what was made. */
  logExport(name: string, version: number, target: string, sha256: string): Promise<void> {
    return this.#ask({ do: 'logExport', name, version, target, sha256 });
  }

  /** What went into a run, and what came of it. */
  runLineage(run: string): Promise<Lineage> {
    return this.#ask({ do: 'runLineage', run });
  }

  /** What the versions of a model came from, and what was made of them. */
  modelLineage(name: string): Promise<Lineage> {
    return this.#ask({ do: 'modelLineage', name });
  }

  /** Entries of the audit log, the latest first. */
  audit(options: { subject?: string; limit?: number; offset?: number } = {}): Promise<Entry[]> {
    const { subject, limit = 100, offset = 0 } = options;
    return this.#ask({ do: 'audit', subject, limit, offset });
  }

  /**
   * Checks the audit log, and all that it tells of, against what there is.
   *
   * @throws {HedgerowError} `audit_tampered`.
   */
  verify(): Promise<Verified> {
    return this.#ask({ do: 'verify' });
  }

  /**
   * Reads the whole file and checks it.
   *
   * @throws {HedgerowError} `workspace_damaged`.
   */
  check(): Promise<void> {
    return this.#ask({ do: 'check' });
  }

  /** The whole workspace as a `.sqlite` file. */
  download(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#askBytes({ do: 'download' });
  }

  /** Some runs and models, as the file of a workspace with these alone. */
  bundle(selection: Partial<Selection>): Promise<Uint8Array<ArrayBuffer>> {
    return this.#askBytes({ do: 'bundle', selection: { runs: [], models: [], ...selection } });
  }

  /**
   * Takes in the ended runs, data sets and models of another workspace's file: a download or a bundle.
   *
   * @throws {HedgerowError} `not_a_workspace`, `workspace_later_version`, `workspace_damaged`.
   */
  merge(file: Uint8Array): Promise<Merged> {
    return this.#ask({ do: 'merge' }, file);
  }

  /**
   * Hands runs that have ended, and models, on to an MLflow server. Done again, it sends what is new and
   * nothing else; cut, it goes on where it was. Where the tab that owned the workspace is closed meanwhile, it just goes on.
   *
   * ```js
   * const { runs, versions } = await workspace.push('https://mlflow.example.org', { token, models: true });
   * ```
   *
   * In a browser the server has to allow that: `mlflow server --cors-allowed-origins https://your.page`.
   *
   * @param url The server's address; nothing is sent anywhere else, and credentials are not kept.
   * @throws {HedgerowError} `bad_address`; `mlflow_blocked` where the browser is what keeps this page from the
   * server, with what to do; `mlflow_unauthorized`, `mlflow_forbidden`, `mlflow_not_found`, `mlflow_busy`,
   * `mlflow_server`, `mlflow_unreachable`, `mlflow_answer`, `mlflow_refused`, `mlflow_deleted`,
   * `mlflow_artifacts`, `mlflow_name`; `no_run`, `run_running`; `not_loaded`. When `signal` is aborted, its
   * reason.
   */
  async push(url: string, options: PushOptions = {}): Promise<Pushed> {
    const { runs = [], experiments = [], models = false, ...how } = options;
    const ids = await Promise.all(runs.map((run) => this.runId(run)));
    const chosen = { runs: ids, experiments: [...experiments], models };
    const result = await transfer(this.#askTransfer, url, { push: { server: url, options: chosen } }, how);
    return (result as { pushed: Pushed }).pushed;
  }

  /**
   * Takes in what an experiment at an MLflow server has and this workspace has not: runs that have ended, and
   * versions of models that came from here. What was pushed comes back as it was.
   *
   * @throws {HedgerowError} As `push`; `mlflow_missing` where there is no such experiment.
   */
  async pull(url: string, { experiment, ...how }: PullOptions): Promise<Pulled> {
    const result = await transfer(this.#askTransfer, url, { pull: { server: url, experiment } }, how);
    return (result as { pulled: Pulled }).pulled;
  }

  /** How much room it has, and whether it is kept when the disk is full. */
  storage(): Promise<StorageInfo> {
    return this.#line.storage();
  }

  /** Closes it when all that was asked is answered. Runs are to be ended before. */
  close(): Promise<void> {
    return this.#line.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #ask<T>(request: Request, bytes?: Uint8Array): Promise<T> {
    return JSON.parse((await this.#answer(request, bytes)) as string);
  }

  async #askBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#answer(request)) as Uint8Array<ArrayBuffer>;
  }

  #askTransfer: AskTransfer = async (request, bytes) => {
    const [reply, beside] = (await this.#answer(request, bytes)) as [string, Uint8Array];
    return [JSON.parse(reply), beside];
  };

  #answer(request: Request | TransferRequest, bytes?: Uint8Array): ReturnType<Line['ask']> {
    return this.#line.ask({ at: Date.now(), author: this.#author, request, bytes: bytes && own(bytes) });
  }
}

/** Bytes without what else their buffer holds, all of which would cross to a worker. */
function own(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
