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

/** Names of files where there is little room: without what all end with, and of what is long the end, by which months are
 * told apart. */
export function shortNames(names: readonly string[], characters: number): string[] {
  const [ending = ''] = /\.[a-z0-9]+$/i.exec(names[0] ?? '') ?? [];
  const isShared = ending !== '' && names.every((name) => name.endsWith(ending) && name !== ending);
  return names.map((name) => {
    const short = isShared ? name.slice(0, -ending.length) : name;
    return short.length > characters ? `…${short.slice(1 - characters)}` : short;
  });
}

/** Names, of which one that stands there already has its number behind it. */
function apart(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  const taken = new Set(names);
  return names.map((name) => {
    let count = (counts.get(name) ?? 0) + 1;
    while (count > 1 && taken.has(`${name} (${count})`)) count += 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

function areTimes(times: readonly (number | null)[]): boolean {
  const distinct = new Set(times);
  return !distinct.has(null) && distinct.size === times.length;
}

/** The same as points, of which no two have one name. */
export function timePoints(placed: readonly Placed[]): TimePoint[] {
  const timed = areTimes(placed.map(timeOf));
  const all = inTime(placed, (one) => one);
  const names = apart(all.map(({ name }) => name));
  return all.map((one, index) => ({
    name: names[index] ?? one.name,
    at: timed ? timeOf(one) : null,
    report: one.report,
  }));
}

/** A column at a point. */
export function columnAt({ report }: TimePoint, key: string): ColumnDrift | undefined {
  return report.columns.find((column) => keyOf(column) === key);
}
