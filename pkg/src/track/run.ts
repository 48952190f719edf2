/** A run that is under way. */
import type { ColumnSummary, Dataset, Log, Request } from './hedgerow_track.js';
import { Points } from './points.js';
import type { StartOptions } from './workspace.js';

/** A child run to begin. */
export type ChildOptions = Omit<StartOptions, 'experiment' | 'parent'>;

/** Asks the workspace of a run. */
export type Ask = (request: Request, bytes?: Uint8Array) => Promise<unknown>;

/** How a run can end. */
export type EndStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/** What parameters and tags may be; texts are kept of them. */
export type Texts = Readonly<Record<string, string | number | boolean>>;

/** What a run needs to know of a table: a `Table` of this package has it. */
export interface TableLike {
  readonly sha256: string;
  readonly numRows: number;
  summary(): ColumnSummary[];
}

/** Milliseconds that points wait for others: most of what logging costs is that a file is written at all. */
const EVERY = 250;

/** Points that wait for no others. */
const MANY = 5000;

/** Points that are saved in one go, where more came than could be saved meanwhile. */
const MOST = 20_000;

/**
 * A run that is under way: what it logs is saved in the order in which it was logged.
 *
 * Metrics are collected for up to 250 ms or 5,000 points; all else is saved at once, as `flush` does, and
 * its promise resolves when it is on the disk.
 */
export class ActiveRun {
  /** Hexadecimal, 32 digits. */
  readonly id: string;
  readonly #ask: Ask;
  readonly #child: (options: ChildOptions) => Promise<ActiveRun>;
  readonly #points = new Points();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Whether a save waits for its turn: it takes all points that there are then. */
  #queued = false;
  #failed = false;

  /** @internal */
  constructor(id: string, ask: Ask, child: (options: ChildOptions) => Promise<ActiveRun>) {
    this.id = id;
    this.#ask = ask;
    this.#child = child;
  }

  /** Begins a run that is part of this one, in its experiment. It is ended by itself. */
  child(options: ChildOptions = {}): Promise<ActiveRun> {
    return this.#child(options);
  }

  /**
   * Logs a value of a metric. It is on the disk some 250 ms later, or when `flush` resolves. What cannot be
   * saved stays, and is tried again with the next `flush`, which says what is wrong.
   *
   * @param options.step A whole number. Default: one more than the last of this metric, from 0.
   */
  logMetric(key: string, value: number, options: { step?: number } = {}): void {
    this.#points.add(key, value, options.step);
    if (this.#failed || this.#queued) return;
    if (this.#points.size >= MANY) this.#saveInTurn();
    else this.#timer ??= setTimeout(() => this.#saveInTurn(), EVERY);
  }

  /** Logs several metrics at one step. */
  logMetrics(metrics: Readonly<Record<string, number>>, options: { step?: number } = {}): void {
    for (const [key, value] of Object.entries(metrics)) this.logMetric(key, value, options);
  }

  /**
   * Logs parameters, each of which is set once.
   *
   * @throws {HedgerowError} `param_changed`, `too_long`.
   */
  logParams(params: Texts): Promise<void> {
    return this.#save({ params: texts(params) });
  }

  /** Sets tags; what a tag had is replaced. */
  setTags(tags: Texts): Promise<void> {
    return this.#save({ tags: texts(tags) });
  }

  /** Keeps a file of the run, under a path such as `plots/roc.svg`. */
  async logArtifact(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await this.#ask({ do: 'logArtifact', run: this.id, path }, bytes);
  }

  /**
   * Says that a data set went into the run. It is kept as a version with its columns' summaries.
   *
   * @param dataset A table, which is called `name`, or what is known of one.
   * @param context Such as `train` or `test`.
   */
  async logInput(dataset: TableLike | Dataset, context: string, name = 'table'): Promise<void> {
    const kept = 'sha256' in dataset ? datasetOf(dataset, name) : dataset;
    await this.#ask({ do: 'keepDataset', dataset: kept });
    await this.#ask({ do: 'logInput', run: this.id, dataset: kept.id, context });
  }

  /** Resolves when all that was logged is on the disk. */
  flush(): Promise<void> {
    return this.#save({});
  }

  /** Saves what is left, and ends the run. Nothing can be logged to it any more. */
  async end(status: EndStatus = 'FINISHED'): Promise<void> {
    await this.flush();
    await this.#ask({ do: 'endRun', run: this.id, status });
  }

  #saveInTurn(): void {
    // The next `flush` tells.
    this.flush().catch(() => {});
  }

  /** All that waits, then `log`; one after the other. */
  #save(log: Log): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queued = true;
    const saved = this.#saving
      .catch(() => {})
      .then(() => {
        this.#queued = false;
        return this.#send(log);
      });
    this.#saving = saved;
    return saved;
  }

  async #send(log: Log): Promise<void> {
    const parts = this.#points.take(MOST);
    try {
      for (let part = parts[0]; part; part = parts[0]) {
        const { keys, bytes } = this.#points.pack(part);
        await this.#ask({ do: 'logPoints', run: this.id, keys }, bytes);
        parts.shift();
      }
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      this.#points.giveBack(parts);
      throw error;
    }
    if (log.params || log.tags) await this.#ask({ do: 'log', run: this.id, log });
  }
}

export function texts(values: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

export function datasetOf(table: TableLike, name: string): Dataset {
  return { id: table.sha256, name, rows: table.numRows, profile: table.summary() };
}
