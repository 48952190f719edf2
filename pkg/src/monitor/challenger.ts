/** Whether a new model, the challenger, takes the place of the old one, the champion. */
import { calling } from '../error.js';
import { type Model, rawModel } from '../model.js';
import { pauses } from '../pause.js';
import { bytesOf, rawTable, type Table } from '../table.js';
import type { Judgement, PromotionRule } from './hedgerow_monitor.js';
import { type WatchOptions, watch } from './module.js';

/** When the challenger is promoted, and where that is found out. */
export interface JudgeOptions extends Partial<PromotionRule>, WatchOptions {}

/**
 * Says by a stated rule whether the challenger takes the champion's place: on the same rows, which neither was
 * trained on, its metric has to be better by more than `minImprovement`, and the interval of that difference, of a
 * paired bootstrap, must not reach below `-tolerance`. It is what `hedgerow retrain` decides by.
 *
 * @throws {HedgerowError} `other_task`, `lost_class`, `bad_option`; what is wrong with the rows, such as
 * `missing_column`.
 */
export async function judge(
  champion: Model,
  challenger: Model,
  heldOut: Table,
  { workers, signal, ...rule }: JudgeOptions = {},
): Promise<Judgement> {
  const models = [champion, challenger].map((model) => calling(() => rawModel(model).toParcel()));
  const [first, second] = models as [Uint8Array, Uint8Array];
  const rows = await bytesOf(rawTable(heldOut), pauses(signal));
  return watch('judge', [first, second, rows, rule], [first, second, rows], { workers, signal });
}

/**
 * Checks that the champion can judge rows, so that no challenger is trained in vain.
 *
 * @throws {HedgerowError} `new_class`; what is wrong with the rows, such as `missing_column`.
 */
export async function checkRows(champion: Model, rows: Table, options: WatchOptions = {}): Promise<void> {
  const parcel = calling(() => rawModel(champion).toParcel());
  const bytes = await bytesOf(rawTable(rows), pauses(options.signal));
  return watch('rows', [parcel, bytes], [parcel, bytes], options);
}
