import { withCrew } from './crew.js';
import { calling } from './error.js';
import { type EvaluateProgress, measure, type Plan } from './measure.js';
import { pauses } from './pause.js';
import { workerCount } from './remote.js';
import { bytesOf, rawTable, type Table } from './table.js';
import type {
  ImportanceOptions,
  Model as RawModel,
  Report,
  EvaluateOptions as ReportOptions,
} from './wasm/hedgerow.js';

/** What to measure, and how. */
export interface EvaluateOptions extends ReportOptions {
  /**
   * How much each column matters: how much worse the model gets when the column is shuffled.
   * Default `'permutation'`; options override repeats, metric, rows and seed; `false` leaves it out.
   */
  importance?: 'permutation' | ImportanceOptions | false;
  /** Default `'auto'`: in a worker. 0 measures in the calling thread, with pauses for the event loop. */
  workers?: number | 'auto';
  /** Called as the evaluation goes on. */
  onProgress?: (progress: EvaluateProgress) => void;
  /** Aborting it ends the worker at once; `evaluate` rejects with its reason. */
  signal?: AbortSignal;
}

/** Measures a model on a table. */
export async function evaluateModel(
  model: RawModel,
  table: Table,
  options: EvaluateOptions,
): Promise<Report> {
  const { importance, workers, onProgress, signal, ...report } = options;
  signal?.throwIfAborted();
  const plan: Plan = { report, importance: importance === 'permutation' ? {} : importance };
  const progress = (event: EvaluateProgress) => onProgress?.(event);
  const raw = rawTable(table);
  if (workerCount(workers, 0) === 0) return measure(model, raw, plan, progress, pauses(signal));
  return withCrew(signal, async ({ open }) => {
    const bytes = [calling(() => model.toParcel()), await bytesOf(raw, pauses(signal))] as const;
    const remote = await open();
    const transfer = bytes.map(({ buffer }) => buffer as ArrayBuffer);
    return remote.call('evaluate', [...bytes, plan], { transfer, onProgress: progress });
  });
}
