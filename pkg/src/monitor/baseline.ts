/** The profile of the rows that a model was trained on. */
import { calling } from '../error.js';
import { type Model, rawModel } from '../model.js';
import { pauses } from '../pause.js';
import { bytesOf, rawTable, type Table } from '../table.js';
import { type WatchOptions, watch } from './module.js';

/** Makes it of a table, and of one that was kept out of training. */
export async function baselineOf(
  model: Model,
  table: Table,
  heldOut: Table | undefined,
  options: WatchOptions,
): Promise<Uint8Array> {
  const pause = pauses(options.signal);
  const parcel = calling(() => rawModel(model).toParcel());
  const rows = await bytesOf(rawTable(table), pause);
  const others = heldOut && (await bytesOf(rawTable(heldOut), pause));
  return watch('baseline', [parcel, rows, others], [parcel, rows, ...(others ? [others] : [])], options);
}

/** Has a model keep it. */
export async function keepProfile(
  model: Model,
  table: Table,
  heldOut: Table | undefined,
  options: WatchOptions,
): Promise<void> {
  const profile = await baselineOf(model, table, heldOut, options);
  calling(() => rawModel(model).keepProfile(profile));
}
