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
  const tables: [Uint8Array, Uint8Array?] = [await bytesOf(rawTable(table), pause)];
  if (heldOut) tables.push(await bytesOf(rawTable(heldOut), pause));
  return watch('baseline', [parcel, ...tables], [parcel, ...tables], options);
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
