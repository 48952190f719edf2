/** Hours of profiles: what they are called, and what is kept of them. */
import type { Backing } from './backing.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Hours that are kept each by itself: a month. Those before become days. */
const HOURS = 31 * 24;

const PREFIX = 'window/';
const DIGITS = 16;

/** The last instant that a date can have, in milliseconds since 1970. */
const LAST = 8.64e15;

/** The hour that an instant is in; a clock that tells none is in the first. */
export function startOf(now: number): number {
  return now >= 0 && now <= LAST ? Math.floor(now / HOUR) * HOUR : 0;
}

/** The key of a window. */
export function keyOf(start: number): string {
  return PREFIX + String(start).padStart(DIGITS, '0');
}

/** When all windows begin, in order. */
export function startsOf(backing: Backing): number[] {
  return backing.keys(PREFIX).map((key) => Number(key.slice(PREFIX.length)));
}

/** The windows that become part of a day, and when that begins. By their number, whatever the clock says now. */
export function tooOld(starts: readonly number[]): [start: number, day: number][] {
  const old = starts
    .slice(0, -HOURS)
    .map((start): [number, number] => [start, Math.floor(start / DAY) * DAY]);
  return old.filter(([start, day]) => start !== day);
}

/** A window as it is kept: how many rows, then their profile. */
export function windowOf(rows: number, profile: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + profile.length);
  new DataView(bytes.buffer).setFloat64(0, rows);
  bytes.set(profile, 8);
  return bytes;
}

export function rowsOf(window: Uint8Array | undefined): number {
  return window ? new DataView(window.buffer, window.byteOffset).getFloat64(0) : 0;
}

export function profileOf(window: Uint8Array | undefined): Uint8Array {
  return window?.subarray(8) ?? new Uint8Array();
}
