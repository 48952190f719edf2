/** Work as a run of a workspace; a training above all. */
import { environment } from './environment.js';
import { calling, type HedgerowError, toHedgerowError } from './error.js';
import type { Model } from './model.js';
import { rawTable, type Table } from './table.js';
import type { TrainOptions, TrainProgress } from './train.js';
import {
  type AdjustOptions,
  type ColumnSummary,
  completeOptions,
  type Failure,
  type TrainOptions as LearnOptions,
} from './wasm/hedgerow.js';

type Params = Record<string, string | number | boolean>;

/** What a training or study logs to: an `ActiveRun` of `hedgerow/track`, or whatever takes the same. */
export interface RunRecorder {
  logMetric(key: string, value: number, options?: { step?: number }): void;
  logParams(params: Params): Promise<void>;
  setTags(tags: Record<string, string>): Promise<void>;
  logArtifact(path: string, bytes: Uint8Array): Promise<void>;
  logInput(
    dataset: { id: string; name: string; rows: number; profile: ColumnSummary[] },
    context: string,
  ): Promise<void>;
  /** Begins a run that is part of this one, such as a trial; without it, none are kept. */
  child?(options: { name: string; params: Params; tags: Record<string, string> }): Promise<RunRecorder>;
  end(status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void>;
}

/** How something is recorded. */
export interface RecordOptions {
  /**
   * A run of a workspace that it is recorded in: parameters, the data set, scores, the model where one is
   * made; of a study, its candidates as child runs. It is ended with what it records, as `FINISHED`,
   * `FAILED` or, when that is aborted, `KILLED`.
   */
  run?: RunRecorder;
  /** What the table is called in the record. Default `table`. */
  dataset?: string;
  /**
   * Called with what could not be recorded, such as for want of room; all else goes on. Without it, the
   * promise rejects with that.
   */
  onRecordError?: (error: HedgerowError) => void;
}

type Recorded = RecordOptions & { signal?: AbortSignal };

/** What is done, and what is recorded of it. */
interface Work<Found> {
  params: () => Params;
  tags?: Record<string, string>;
  work: () => Promise<Found>;
  keep: (found: Found) => Promise<void>;
}

/** Does something, and records it from its beginning to its end, whatever that is. */
export async function recordedWork<Found>(
  table: Table,
  options: Recorded,
  run: RunRecorder,
  { params, tags = {}, work, keep }: Work<Found>,
): Promise<Found> {
  const begun = async () => {
    const asked = params();
    await tried(() => logStart(run, asked, tags), options);
    return work();
  };
  const found = await begun().catch(async (error: unknown) => {
    // What the work has to say is what matters.
    await logFailure(run, table, options, error).catch(() => {});
    throw error;
  });
  await tried(async () => {
    try {
      await keep(found);
      await run.end('FINISHED');
    } catch (error) {
      // Its record is not whole.
      await run.end('FAILED').catch(() => {});
      throw error;
    }
  }, options);
  return found;
}

/** Trains by `work`, and logs all that there is to it. */
export function recorded(
  table: Table,
  options: TrainOptions,
  run: RunRecorder,
  work: (onProgress: (progress: TrainProgress) => void) => Promise<Model>,
): Promise<Model> {
  const metrics = new Metrics(run);
  const onProgress = (progress: TrainProgress) => {
    metrics.live(progress);
    options.onProgress?.(progress);
  };
  return recordedWork(table, options, run, {
    params: () => paramsOf(options),
    work: () => work(onProgress),
    keep: async (model) => {
      await logModel(run, model, metrics);
      await logData(run, table, options, model.info.provenance.training_data.sha256);
    },
  });
}

/** What cannot be recorded is told to whoever wants to know, or ends it all. */
async function tried(log: () => Promise<void>, { onRecordError }: Recorded): Promise<void> {
  try {
    await log();
  } catch (error) {
    if (!onRecordError) throw error;
    onRecordError(toHedgerowError(error));
  }
}

/** What is learned, and how the model is adjusted; without how that is run and recorded. */
export function parts({
  target,
  task,
  learner,
  seed,
  features,
  sampleWeight,
  preparation,
  ...rest
}: TrainOptions): {
  learn: LearnOptions;
  adjust: AdjustOptions | null;
} {
  const { calibrate, threshold } = rest;
  const learn = { target, task, learner, seed, features, sampleWeight, preparation } as LearnOptions;
  const isLeft = calibrate === undefined && threshold === undefined;
  return { learn, adjust: isLeft ? null : { calibrate, threshold } };
}

/** All parameters of a training; those that it cannot have are an error. */
function paramsOf(options: TrainOptions): Params {
  const { learn, adjust } = parts(options);
  const { options: complete, learner } = calling(() => completeOptions(learn));
  return scalars({
    ...learner.params,
    learner: learner.kind,
    seed: complete.seed,
    target: complete.target,
    calibrate: adjust?.calibrate,
    threshold: adjust?.threshold,
  });
}

async function logStart(run: RunRecorder, params: Params, tags: Record<string, string>): Promise<void> {
  const { version } = calling(() => completeOptions({}));
  await run.setTags({ 'hedgerow.version': version, 'hedgerow.environment': environment(), ...tags });
  await run.logParams(params);
}

export async function logModel(run: RunRecorder, model: Model, metrics: Metrics): Promise<void> {
  const { history = {}, metrics: ends } = model.info.provenance;
  for (const [name, values] of Object.entries(history)) {
    values.forEach((value, index) => {
      metrics.log(name, value, index + 1);
    });
  }
  for (const [name, value] of Object.entries(ends)) metrics.log(name, value, metrics.lastStep);
  await run.logArtifact('model.safetensors', model.save());
}

export async function logData(
  run: RunRecorder,
  table: Table,
  options: RecordOptions,
  id: string,
): Promise<void> {
  const { numRows: rows } = table;
  const profile = calling(() => rawTable(table).summary());
  await run.logInput({ id, name: options.dataset ?? 'table', rows, profile }, 'train');
}

async function logFailure(run: RunRecorder, table: Table, options: Recorded, error: unknown): Promise<void> {
  if (options.signal?.aborted) return run.end('KILLED');
  await run.setTags(errorTags(toHedgerowError(error)));
  await logData(run, table, options, table.sha256).catch(() => {});
  await run.end('FAILED');
}

/** Why something failed, as tags. */
export function errorTags({ code, message }: Failure): Record<string, string> {
  return { 'hedgerow.error.code': code, 'hedgerow.error.message': message.slice(0, 1000) };
}

/** Scores come live, and again with the model: each is logged once. */
export class Metrics {
  lastStep = 0;
  readonly #run: RunRecorder;
  readonly #logged = new Set<string>();

  constructor(run: RunRecorder) {
    this.#run = run;
  }

  live({ phase, done, score }: TrainProgress): void {
    if (phase !== 'fit') return;
    this.lastStep = done;
    if (score) this.log(score.name, score.value, done);
  }

  log(name: string, value: number, step: number): void {
    const point = `${step} ${name}`;
    if (this.#logged.has(point)) return;
    this.#logged.add(point);
    this.#run.logMetric(name, value, { step });
  }
}

/** What is no text, number or boolean, as JSON; what is not given is left out. */
export function scalars(values: Record<string, unknown>): Params {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean),
    ]),
  );
}
