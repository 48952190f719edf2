import { type Crew, withCrew, withOne } from './crew.js';
import { Engine, type Fitted, type Prepared } from './engine.js';
import { HedgerowError } from './error.js';
import { type Model, rawModel, unpackModel, wrapModel } from './model.js';
import { pauses } from './pause.js';
import { type RecordOptions, recorded } from './record.js';
import { type Remote, workerCount } from './remote.js';
import { Steps } from './steps.js';
import { withStudy } from './study.js';
import { bytesOf, rawTable, type Table } from './table.js';
import {
  type AdjustOptions,
  fitsInOneStep,
  type TrainOptions as LearnOptions,
  type Model as RawModel,
  type Table as RawTable,
  type Score,
  sharesWork,
} from './wasm/hedgerow.js';

/** How far a training is. */
export interface TrainProgress {
  /**
   * `prepare`: the columns become features; `fit`: the learner learns; `finish`: it becomes a model; `adjust`: folds
   * are trained for calibration and threshold; `profile`: the rows are counted.
   */
  phase: 'prepare' | 'fit' | 'finish' | 'adjust' | 'profile';
  /** Steps of this phase that are done; trees, rounds, epochs or iterations, in `fit`. */
  done: number;
  /** Steps this phase has at most; a fit may end before. */
  total: number;
  /** The score so far, on rows not learned from where there are such. Not with every event. */
  score?: Score;
}

/** What to train, and how. */
export interface TrainOptions extends LearnOptions, AdjustOptions, RecordOptions {
  /**
   * Workers that share the work, where a learner's work can be shared. The model does not depend on it. Default `'auto'`: one a processor, at
   * most 8, fewer for small tables. 0 trains in the calling thread, with pauses for the event loop; but for
   * `linfa-cart`, whose fit is one long step, where a worker can be started.
   */
  workers?: number | 'auto';
  /**
   * Keep a profile of the rows in the model, with which `hedgerow/monitor` compares new ones: some 2 kB a
   * column, and no rows. `heldOut` are rows not trained on: how good the model is for them is kept beside. Default
   * `false`. What makes it is loaded with the first one.
   */
  profile?: boolean | { heldOut: Table };
  /** Called as the training goes on. */
  onProgress?: (progress: TrainProgress) => void;
  /**
   * Aborting it ends the workers at once; `train` rejects with its reason. Without workers the step under
   * way is done first: some milliseconds.
   */
  signal?: AbortSignal;
}

type Unrecorded = Omit<TrainOptions, keyof RecordOptions>;
type Report = (progress: TrainProgress) => void;

/**
 * Trains a model on a table, in workers.
 *
 * The same table, options and seed give the same model, byte for byte, on any machine and with any
 * number of workers.
 *
 * @throws {HedgerowError} Where target, features or parameters cannot be used.
 */
export function train(table: Table, options: TrainOptions): Promise<Model> {
  const { run, dataset: _, onRecordError: __, ...rest } = options;
  if (!run) return trainUnrecorded(table, rest);
  return recorded(table, options, run, (onProgress) => trainUnrecorded(table, { ...rest, onProgress }));
}

async function trainUnrecorded(table: Table, { profile, ...options }: Unrecorded): Promise<Model> {
  if (!profile) return trainUnprofiled(table, options);
  // They may be freed while the model is trained.
  const rows = rawTable(table).keep();
  const heldOut = profile === true ? undefined : rawTable(profile.heldOut).keep();
  try {
    return await profiled(await trainUnprofiled(table, options), [rows, heldOut], options);
  } finally {
    rows.free();
    heldOut?.free();
  }
}

async function trainUnprofiled(table: Table, options: Omit<Unrecorded, 'profile'>): Promise<Model> {
  const { workers: _, onProgress: __, signal, calibrate, threshold, ...learn } = options;
  signal?.throwIfAborted();
  const trained = await trainAnywhere(table, learn, options);
  if (calibrate === undefined && threshold === undefined) return trained;
  return adjusted(trained, table, learn, { calibrate, threshold }, options);
}

/** The model with a profile of the rows that it was trained on, and of those kept out if there are any. */
async function profiled(
  model: Model,
  rows: readonly [RawTable, RawTable?],
  { workers, signal, onProgress }: TrainOptions,
): Promise<Model> {
  onProgress?.({ phase: 'profile', done: 0, total: 1 });
  try {
    const { keepProfile } = await import('./monitor/baseline.js');
    await keepProfile(model, rows, { workers, signal });
  } catch (error) {
    model.free();
    throw error;
  }
  onProgress?.({ phase: 'profile', done: 1, total: 1 });
  return model;
}

/** Folds where nothing else is asked for. */
const FOLDS = 5;

/** The model with its probabilities calibrated and its threshold chosen, by five folds of the table. */
async function adjusted(
  model: Model,
  table: Table,
  train: LearnOptions,
  adjustment: AdjustOptions,
  { workers, signal, onProgress }: TrainOptions,
): Promise<Model> {
  onProgress?.({ phase: 'adjust', done: 0, total: FOLDS });
  try {
    return await withStudy(
      table,
      { train, folds: {}, study: { adjustment } },
      { workers, signal },
      ({ done, total }) => onProgress?.({ phase: 'adjust', done, total }),
      (study) => wrapModel(study.adjust(rawModel(model))),
    );
  } finally {
    model.free();
  }
}

async function trainAnywhere(
  table: Table,
  learn: LearnOptions,
  { workers, onProgress, signal }: TrainOptions,
): Promise<Model> {
  const raw = rawTable(table).keep();
  const report: Report = (progress) => onProgress?.(progress);
  const here = async () => wrapModel(await trainHere(raw, learn, report, signal));
  const elsewhere =
    (count: number) =>
    async ({ open }: Crew) => {
      const bytes = await bytesOf(raw, pauses(signal));
      const model = await trainWith(open, count, bytes, learn, report);
      signal?.throwIfAborted();
      return unpackModel(model);
    };
  try {
    const most = workerCount(workers, raw.numRows * raw.schema.length);
    // Where each step needs the one before, one worker does it all.
    if (most > 0) return await withCrew(signal, elsewhere(sharesWork(kind(learn)) ? most : 1));
    return await (fitsInOneStep(kind(learn)) ? withOne(signal, elsewhere(1), here) : here());
  } finally {
    raw.free();
  }
}

function kind({ learner }: LearnOptions): string {
  return learner?.kind ?? 'random-forest';
}

async function trainHere(
  table: RawTable,
  options: LearnOptions,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<RawModel> {
  const pause = pauses(signal);
  const engine = new Engine();
  try {
    report({ phase: 'prepare', done: 0, total: 1 });
    engine.begin(table, options);
    let prepared: Prepared | undefined;
    while (!prepared) {
      await pause();
      prepared = engine.prepareMore();
    }
    const { total } = prepared;
    report({ phase: 'prepare', done: 1, total: 1 });
    for (let ended = false; !ended; ) {
      await pause();
      const fitted = engine.advance();
      ended = fitted.ended;
      report(progress(total, fitted));
    }
    report({ phase: 'finish', done: 0, total: 1 });
    await pause();
    const model = engine.model();
    report({ phase: 'finish', done: 1, total: 1 });
    return model;
  } finally {
    engine.end();
  }
}

function progress(total: number, { ended: _, ...fitted }: Fitted): TrainProgress {
  return { phase: 'fit', total, ...fitted };
}

/** The first worker coordinates: it prepares, merges and finishes, and does steps like all others. */
async function trainWith(
  open: () => Promise<Remote>,
  count: number,
  table: Uint8Array,
  options: LearnOptions,
  report: Report,
): Promise<Uint8Array> {
  report({ phase: 'prepare', done: 0, total: 1 });
  const [opening, ...helpers] = Array.from({ length: count }, open);
  if (!opening) throw new HedgerowError('a training needs a worker', 'internal_error');
  const first = await opening;
  const { total, shared } = await first.call('prepare', [table, options], {
    transfer: [table.buffer as ArrayBuffer],
  });
  const job = shared && helpers.length > 0 ? await first.call('job', []) : undefined;
  report({ phase: 'prepare', done: 1, total: 1 });

  const steps = new Steps(total);
  const fitted = (answer: Fitted) => {
    if (answer.ended) steps.end();
    report(progress(total, answer));
  };
  const merging: Promise<void>[] = [];
  const merge = (from: number, parts: Uint8Array[]) => {
    const transfer = parts.map((part) => part.buffer as ArrayBuffer);
    const merged = first.call('merge', [from, parts], { transfer }).then(fitted);
    // Awaited below, unless something else fails first.
    merged.catch(() => {});
    merging.push(merged);
  };
  await Promise.all([
    doAll(steps, async (from, n) => fitted(await first.call('step', [from, n]))),
    ...(job ? helpers.map((helper) => help(helper, job, steps, merge)) : []),
  ]);
  await Promise.all(merging);

  report({ phase: 'finish', done: 0, total: 1 });
  const model = await first.call('finish', []);
  report({ phase: 'finish', done: 1, total: 1 });
  return model;
}

async function help(
  opening: Promise<Remote>,
  job: Uint8Array,
  steps: Steps,
  merge: (from: number, parts: Uint8Array[]) => void,
): Promise<void> {
  const remote = await opening;
  await remote.call('join', [job]);
  await doAll(steps, async (from, n) => merge(from, await remote.call('fit', [from, n])));
}

/** Two loops a worker: while one waits for its answer to be handled, the other keeps it busy. */
async function doAll(steps: Steps, run: (from: number, n: number) => Promise<void>): Promise<void> {
  await Promise.all([steps.each(run), steps.each(run)]);
}
