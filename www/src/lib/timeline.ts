/** Several places of new rows as points in time. */
import type { ColumnDrift, MonitorReport } from 'hedgerow/monitor';
import { keyOf } from './drift.ts';
import { timeInName } from './time-of.ts';

/** One place of new rows. */
export interface Placed {
  name: string;
  at: number | null;
  report: MonitorReport;
}

export interface TimePoint {
  name: string;
  /** Milliseconds since 1970; null where only the order is known. */
  at: number | null;
  report: MonitorReport;
}

/** The time of rows: what the name tells, else a date column. */
export function timeOf({ name, at }: Placed): number | null {
  return timeInName(name) ?? at;
}

/** In order of time where all have one, and no two the same; else by name, with numbers as such. */
export function timePoints(placed: readonly Placed[]): TimePoint[] {
  const points = placed.map((one) => ({ name: one.name, at: timeOf(one), report: one.report }));
  const times = new Set(points.map(({ at }) => at));
  if (!times.has(null) && times.size === points.length) {
    return points.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  }
  const names = new Intl.Collator('en', { numeric: true });
  return points.map((point) => ({ ...point, at: null })).sort((a, b) => names.compare(a.name, b.name));
}

/** A column at a point. */
export function columnAt({ report }: TimePoint, key: string): ColumnDrift | undefined {
  return report.columns.find((column) => keyOf(column) === key);
}
