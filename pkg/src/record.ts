/** A training as a run of a workspace. */
import { environment } from './environment.js';
import { calling, toHedgerowError } from './error.js';
import type { Model } from './model.js';
import { rawTable, type Table } from './table.js';
import type { TrainOptions, TrainProgress } from './train.js';
import {
  type AdjustOptions,
  type ColumnSummary,
  completeOptions,
  type TrainOptions as LearnOptions,
} from './wasm/hedgerow.js';

/** What a training logs to: an `ActiveRun` of `hedgerow/track`, or whatever takes the same. */
export interface RunRecorder {
  logMetric(key: string, value: number, options?: { step?: number }): void;
  logParams(params: Record<string, string | number | boolean>): Promise<void>;
  setTags(tags: Record<string, string>): Promise<void>;
  logArtifact(path: string, bytes: Uint8Array): Promise<void>;
  logInput(
    dataset: { id: string; name: string; rows: number; profile: ColumnSummary[] },
    context: string,
  ): Promise<void>;
  end(status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void>;
}

/** What a training was asked for: enough to do it again. */
export interface Recipe {
  train: LearnOptions;
  adjust: AdjustOptions | null;
  /** Content hash of the table. */
  data: string;
}

/**
 * What a training is asked for, with every default: for `startRun` of a workspace, so that the run can be
 * reproduced.
 */
export function recipe(table: Table, options: TrainOptions): Recipe {
  const { learn, adjust } = parts(options);
  const { options: train } = calling(() => completeOptions(learn));
  return { train, adjust, data: table.sha256 };
}

/** Trains by `work`, and logs all that there is to it. */
export async function recorded(
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
  const record = (log: () => Promise<void>) => tried(log, options);
  const trained = async () => {
    const params = paramsOf(options);
    await record(() => logStart(run, params));
    return work(onProgress);
  };
  const model = await trained().catch(async (error: unknown) => {
    // What the training has to say is what matters.
    await logFailure(run, table, options, error).catch(() => {});
    throw error;
  });
  await record(async () => {
    try {
      await logModel(run, model, metrics);
      await logData(run, table, options, model.info.provenance.training_data.sha256);
      await run.end('FINISHED');
    } catch (error) {
      // Its record is not whole.
      await run.end('FAILED').catch(() => {});
      throw error;
    }
  });
  return model;
}

/** What cannot be recorded is told to whoever wants to know, or ends it all. */
async function tried(log: () => Promise<void>, { onRecordError }: TrainOptions): Promise<void> {
  try {
    await log();
  } catch (error) {
    if (!onRecordError) throw error;
    onRecordError(toHedgerowError(error));
  }
}

function parts({ target, task, learner, seed, features, sampleWeight, preparation, ...rest }: TrainOptions): {
  learn: LearnOptions;
  adjust: AdjustOptions | null;
} {
  const { calibrate, threshold } = rest;
  const learn = { target, task, learner, seed, features, sampleWeight, preparation } as LearnOptions;
  const isLeft = calibrate === undefined && threshold === undefined;
  return { learn, adjust: isLeft ? null : { calibrate, threshold } };
}

/** All parameters of a training; those that it cannot have are an error. */
function paramsOf(options: TrainOptions): Record<string, string | number | boolean> {
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

async function logStart(run: RunRecorder, params: Record<string, string | number | boolean>): Promise<void> {
  const { version } = calling(() => completeOptions({}));
  await run.setTags({ 'hedgerow.version': version, 'hedgerow.environment': environment() });
  await run.logParams(params);
}

async function logModel(run: RunRecorder, model: Model, metrics: Metrics): Promise<void> {
  const { history = {}, metrics: ends } = model.info.provenance;
  for (const [name, values] of Object.entries(history)) {
    values.forEach((value, index) => {
      metrics.log(name, value, index + 1);
    });
  }
  for (const [name, value] of Object.entries(ends)) metrics.log(name, value, metrics.lastStep);
  await run.logArtifact('model.safetensors', model.save());
}

async function logData(run: RunRecorder, table: Table, options: TrainOptions, id: string): Promise<void> {
  const { numRows: rows } = table;
  const profile = calling(() => rawTable(table).summary());
  await run.logInput({ id, name: options.dataset ?? 'table', rows, profile }, 'train');
}

async function logFailure(
  run: RunRecorder,
  table: Table,
  options: TrainOptions,
  error: unknown,
): Promise<void> {
  if (options.signal?.aborted) return run.end('KILLED');
  const { code, message } = toHedgerowError(error);
  await run.setTags({ 'hedgerow.error.code': code, 'hedgerow.error.message': message.slice(0, 1000) });
  await logData(run, table, options, table.sha256).catch(() => {});
  await run.end('FAILED');
}

/** Scores come live, and again with the model: each is logged once. */
class Metrics {
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
function scalars(values: Record<string, unknown>): Record<string, string | number | boolean> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean),
    ]),
  );
}
