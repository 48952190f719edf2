/** The profile of the rows that a model was trained on. */
import { calling } from '../error.js';
import { type Model, rawModel } from '../model.js';
import { pauses } from '../pause.js';
import { bytesOf, rawTable, type Table } from '../table.js';
import { type WatchOptions, watch } from './module.js';

/** Makes it of a table. */
export async function baselineOf(model: Model, table: Table, options: WatchOptions): Promise<Uint8Array> {
  const parcel = calling(() => rawModel(model).toParcel());
  const bytes = await bytesOf(rawTable(table), pauses(options.signal));
  return watch('baseline', [parcel, bytes], [parcel, bytes], options);
}

/** Has a model keep it. */
export async function keepProfile(model: Model, table: Table, options: WatchOptions): Promise<void> {
  const profile = await baselineOf(model, table, options);
  calling(() => rawModel(model).keepProfile(profile));
}
