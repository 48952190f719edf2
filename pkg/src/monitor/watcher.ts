/** What looks at tables, in a worker or here. Its methods are operations of the protocol. */
import { calling } from '../error.js';
import type { VariantColumns } from './experiment.js';
import {
  baseline,
  checkRows,
  countVariants,
  type Experiment,
  type Finding,
  type Judgement,
  judge,
  type PromotionRule,
  profile,
  type Segment,
  segments,
} from './hedgerow_monitor.js';

/** New rows, counted. */
export interface Profiled {
  /** Some kilobytes without rows, which add up with other profiles of the same model. */
  profile: Uint8Array<ArrayBuffer>;
  /** What is odd about the table's columns; none keeps the rest from being counted. */
  findings: Finding[];
}

/** Rows of an experiment, counted. */
export interface Counted {
  /** What `compareVariants` takes; it adds up with other counts. */
  counts: Experiment;
  /** Rows without a variant or an outcome. */
  leftOut: number;
}

/** Models and tables come as parcels. */
export class Watcher {
  /** Where progress goes; nothing here has any. */
  report: (progress: unknown) => void = () => {};

  /** The profile of the rows that a model was trained on. */
  baseline(parcel: Uint8Array, table: Uint8Array, heldOut?: Uint8Array): Uint8Array {
    return calling(() => baseline(parcel, table, heldOut));
  }

  /** Counts the rows of a table as the baseline does. */
  profile(parcel: Uint8Array, base: Uint8Array, table: Uint8Array): Profiled {
    const [bytes, findings] = calling(() => profile(parcel, base, table));
    return { profile: bytes, findings };
  }

  /** Where a model is wrong most. */
  segments(parcel: Uint8Array, table: Uint8Array): Segment[] {
    return calling(() => segments(parcel, table));
  }

  /** Counts the rows of an experiment. */
  variants(table: Uint8Array, { variant, outcome, success, covariate }: VariantColumns): Counted {
    return calling(() => countVariants(table, variant, outcome, success, covariate));
  }

  /** Whether a model can judge rows. */
  rows(parcel: Uint8Array, table: Uint8Array): void {
    calling(() => checkRows(parcel, table));
  }

  /** Whether a challenger takes the champion's place. */
  judge(
    champion: Uint8Array,
    challenger: Uint8Array,
    heldOut: Uint8Array,
    rule: Partial<PromotionRule>,
  ): Judgement {
    return calling(() => judge(champion, challenger, heldOut, rule));
  }
}
