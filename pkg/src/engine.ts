/** What a worker can do. Its methods are the operations of the protocol; bytes go in and out. */
import { calling, HedgerowError } from './error.js';
import { measure, type Plan } from './measure.js';
import {
  FitJob,
  Model,
  type Report,
  type Score,
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

/** Milliseconds between two looks at the score: it takes time, too. */
const SCORE_EVERY = 100;

/** One training or evaluation at a time. */
export class Engine {
  /** Where progress goes while an operation runs. */
  report: (progress: unknown) => void = () => {};
  #training: Training | undefined;
  #job: FitJob | undefined;
  #scored = Number.NEGATIVE_INFINITY;

  /** Begins a training. */
  prepare(bytes: Uint8Array, options: TrainOptions): Prepared {
    return calling(() => {
      const table = Table.fromBytes(bytes);
      try {
        this.#training = new Training(table, options);
      } finally {
        table.free();
      }
      const { total, shared } = this.#training;
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
      const model = this.#begun.finish();
      try {
        return model.toParcel();
      } finally {
        model.free();
      }
    });
  }

  /** Measures a model; nothing waits for this thread's event loop. */
  async evaluate(parcel: Uint8Array, tableBytes: Uint8Array, plan: Plan): Promise<Report> {
    const model = calling(() => Model.fromParcel(parcel));
    const table = calling(() => Table.fromBytes(tableBytes));
    return measure(model, table, plan, this.report, async () => {});
  }

  /** Frees what the training holds. */
  end(): void {
    this.#training?.free();
    this.#job?.free();
    this.#training = undefined;
    this.#job = undefined;
  }

  get #begun(): Training {
    if (!this.#training) throw new HedgerowError('no training was prepared', 'internal_error');
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
