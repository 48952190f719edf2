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
export function timeOf({ name, at }: Pick<Placed, 'name' | 'at'>): number | null {
  return timeInName(name) ?? at;
}

/** In order of time where all have one, and no two the same; else by name, with numbers as such. */
export function inTime<T>(all: readonly T[], of: (one: T) => Pick<Placed, 'name' | 'at'>): T[] {
  const times = all.map((one) => timeOf(of(one)));
  if (areTimes(times)) return [...all].sort((a, b) => (timeOf(of(a)) ?? 0) - (timeOf(of(b)) ?? 0));
  const names = new Intl.Collator('en', { numeric: true });
  return [...all].sort((a, b) => names.compare(of(a).name, of(b).name));
}

function areTimes(times: readonly (number | null)[]): boolean {
  const distinct = new Set(times);
  return !distinct.has(null) && distinct.size === times.length;
}

/** The same as points. */
export function timePoints(placed: readonly Placed[]): TimePoint[] {
  const timed = areTimes(placed.map(timeOf));
  return inTime(placed, (one) => one).map((one) => ({
    name: one.name,
    at: timed ? timeOf(one) : null,
    report: one.report,
  }));
}

/** A column at a point. */
export function columnAt({ report }: TimePoint, key: string): ColumnDrift | undefined {
  return report.columns.find((column) => keyOf(column) === key);
}
