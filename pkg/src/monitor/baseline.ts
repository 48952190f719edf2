/** The profile of the rows that a model was trained on. */
import { calling } from '../error.js';
import { type Model, rawModel } from '../model.js';
import { pauses } from '../pause.js';
import { bytesOf } from '../table.js';
import type { Table as RawTable } from '../wasm/hedgerow.js';
import { type WatchOptions, watch } from './module.js';

/** The rows trained on, and those kept out of training, if there are any. */
export type Profiled = readonly [RawTable, RawTable?];

/** Makes it. */
export async function baselineOf(
  model: Model,
  [training, heldOut]: Profiled,
  options: WatchOptions,
): Promise<Uint8Array> {
  const pause = pauses(options.signal);
  const parcel = calling(() => rawModel(model).toParcel());
  const rows = await bytesOf(training, pause);
  const others = heldOut && (await bytesOf(heldOut, pause));
  return watch('baseline', [parcel, rows, others], [parcel, rows, ...(others ? [others] : [])], options);
}

/** Has a model keep it. */
export async function keepProfile(model: Model, rows: Profiled, options: WatchOptions): Promise<void> {
  const profile = await baselineOf(model, rows, options);
  calling(() => rawModel(model).keepProfile(profile));
}
