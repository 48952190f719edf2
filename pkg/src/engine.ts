/** What a worker can do. Its methods are the operations of the protocol; bytes go in and out. */
import { calling, HedgerowError, type PlainError, toHedgerowError } from './error.js';
import { measure, type Plan } from './measure.js';
import { inPieces, type Pause } from './pause.js';
import {
  FitJob,
  type FoldTask,
  Model,
  type Report,
  type Score,
  Plan as StudyPlan,
  Table,
  Training,
  type TrainOptions,
} from './wasm/hedgerow.js';

/** How far a fit is. */
export interface Fitted {
  /** Steps done so far. */
  done: number;
  /** No more steps are needed, though there might be some left. */
  ended: boolean;
  score?: Score;
}

/** What there is to do. */
export interface Prepared {
  /** Steps at most. */
  total: number;
  /** Whether steps can be done in any worker, in any order. */
  shared: boolean;
}

/** What came of a task of a study. */
export type TaskEnd = { outcome: Float64Array; seconds: number } | { error: PlainError; seconds: number };

/** Milliseconds between two looks at the score: it takes time, too. */
const SCORE_EVERY = 100;

/** One training or evaluation at a time. */
export class Engine {
  /** Where progress goes while an operation runs. */
  report: (progress: unknown) => void = () => {};
  #training: Training | undefined;
  #job: FitJob | undefined;
  #plan: StudyPlan | undefined;
  #scored = Number.NEGATIVE_INFINITY;

  /** Begins a training, and prepares it to the end. */
  prepare(bytes: Uint8Array, options: TrainOptions): Prepared {
    withTable(bytes, (table) => this.begin(table, options));
    for (;;) {
      const prepared = this.prepareMore();
      if (prepared) return prepared;
    }
  }

  /** Begins a training. */
  begin(table: Table, options: TrainOptions): void {
    this.#training = calling(() => new Training(table, options));
  }

  /** Goes on preparing by some milliseconds; the answer is there when all is prepared. */
  prepareMore(): Prepared | undefined {
    return calling(() => {
      if (this.#begun.prepare()) return undefined;
      const { total, shared } = this.#begun;
      return { total, shared };
    });
  }

  /** What other workers need to do steps of this training. */
  job(): Uint8Array {
    return calling(() => this.#begun.jobBytes());
  }

  /** Takes part in a training that another worker prepared. */
  join(job: Uint8Array): void {
    this.#job = calling(() => FitJob.fromBytes(job));
  }

  /** Does steps for the training of another worker. */
  fit(from: number, n: number): Uint8Array[] {
    const job = this.#job;
    if (!job) throw new HedgerowError('no training was joined', 'internal_error');
    return calling(() => Array.from({ length: n }, (_, index) => job.fit(from + index)));
  }

  /** Does steps here, fewer where the fit ends before. */
  step(from: number, n: number): Fitted {
    return calling(() => {
      for (let step = from; step < from + n && !this.#begun.ended; step++) this.#begun.step(step);
      return this.#fitted();
    });
  }

  /** Goes on by some milliseconds, where all steps are done here. */
  advance(): Fitted {
    return calling(() => {
      if (!this.#begun.ended) this.#begun.advance();
      return this.#fitted();
    });
  }

  /** Merges steps that another worker did. */
  merge(from: number, parts: Uint8Array[]): Fitted {
    return calling(() => {
      parts.forEach((part, index) => {
        this.#begun.add(from + index, part);
      });
      return this.#fitted();
    });
  }

  /** Ends the training; the answer is the model's parcel. */
  finish(): Uint8Array {
    return calling(() => {
      const model = this.model();
      try {
        return model.toParcel();
      } finally {
        model.free();
      }
    });
  }

  /** Ends the training; the answer is the model, for this thread. */
  model(): Model {
    return calling(() => this.#begun.finish());
  }

  /** Measures a model; nothing waits for this thread's event loop. */
  async evaluate(parcel: Uint8Array, tableBytes: Uint8Array, plan: Plan): Promise<Report> {
    const model = calling(() => Model.fromParcel(parcel));
    const table = calling(() => Table.fromBytes(tableBytes));
    return measure(model, table, plan, this.report, undefined);
  }

  /** Gets ready for the tasks of a study. */
  plan(bytes: Uint8Array, options: object): void {
    withTable(bytes, (table) => this.use(calling(() => new StudyPlan(table, options))));
  }

  /** The same with a plan of this thread. */
  use(plan: StudyPlan): void {
    this.#plan = plan;
  }

  /** Does a task of a study; nothing waits for this thread's event loop. */
  task(task: FoldTask): Promise<TaskEnd> {
    return this.do(task, undefined);
  }

  /** Does a task of a study; `pause` is awaited between its steps. What fails is an answer, too. */
  async do(task: FoldTask, pause: Pause): Promise<TaskEnd> {
    const plan = this.#plan;
    if (!plan) throw new HedgerowError('no study was planned', 'internal_error');
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    try {
      const fit = calling(() => plan.begin(task));
      try {
        await inPieces((rows) => calling(() => fit.advance(rows)), pause);
        return { outcome: calling(() => fit.finish()), seconds: seconds() };
      } finally {
        fit.free();
      }
    } catch (error) {
      if (!(error instanceof HedgerowError) || error.code === 'wasm_stopped') throw error;
      const { message, code, details } = toHedgerowError(error);
      return { error: { message, code, details }, seconds: seconds() };
    }
  }

  /** Frees what the training or study holds. */
  end(): void {
    this.#plan?.free();
    this.#plan = undefined;
    this.#training?.free();
    this.#job?.free();
    this.#training = undefined;
    this.#job = undefined;
  }

  get #begun(): Training {
    if (!this.#training) throw new HedgerowError('no training was begun', 'internal_error');
    return this.#training;
  }

  #fitted(): Fitted {
    const { done, ended } = this.#begun;
    const now = performance.now();
    if (now - this.#scored < SCORE_EVERY && !ended) return { done, ended };
    this.#scored = now;
    const score = this.#begun.score();
    return score ? { done, ended, score } : { done, ended };
  }
}

/** Reads a table for as long as something is done with it. */
function withTable(bytes: Uint8Array, use: (table: Table) => void): void {
  const table = calling(() => Table.fromBytes(bytes));
  try {
    use(table);
  } finally {
    table.free();
  }
}
