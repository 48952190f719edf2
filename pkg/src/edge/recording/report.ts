/** What a sum of profiles says, as `hedgerow monitor check --json` has it. */

/** All columns, and the rules that are broken. */
export interface Report {
  alarms: readonly Alarm[];
  referenceRows: number;
  rows: number;
  tested: number;
  drifted: number;
  driftedShare: number;
  dataDrift: boolean;
  columns: readonly ColumnDrift[];
  /** Of the rows whose labels came. */
  performance?: Performance;
  /** As it may be expected of all rows. */
  estimatedPerformance?: Performance;
  findings: readonly { code: string; column: string; message: string }[];
}

/** Metrics by the names that evaluations have for them. */
export interface Performance {
  rows: number;
  metrics: readonly { name: string; value: number; band?: readonly [number, number]; reference?: number }[];
}

/** A rule that is broken. */
export interface Alarm {
  rule: string;
  figure: string;
  /** Those that broke it, worst first. */
  columns: readonly string[];
  /** What those are, where there are any. */
  role?: ColumnDrift['role'];
  value: number;
  message: string;
}

/** A column then and now. */
export interface ColumnDrift {
  name: string;
  role: 'feature' | 'prediction' | 'probability' | 'target';
  /** Without a test where a side has no values. */
  test?: string;
  score?: number;
  threshold?: number;
  drifted?: boolean;
  picture: {
    edges?: readonly number[];
    words?: readonly string[];
    reference: Side;
    current: Side;
  };
}

/** One side's numbers. */
export interface Side {
  rows: number;
  missing: number;
  new: number;
  mean?: number;
  std?: number;
  shares: readonly number[];
}
