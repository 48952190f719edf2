/** The time that new rows are of. */

/** `2026-03`, `2026-03-14`, `2026_03`, `20260314`, anywhere in a name, but not in a longer number. */
const DATED = /(?<!\d)(\d{4})([-_.]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?(?!\d)/;

/** What a file's name tells, in milliseconds since 1970; null where it tells nothing. */
export function timeInName(name: string): number | null {
  const found = DATED.exec(name);
  if (!found) return null;
  const [, year, between, month, day] = found;
  // Six digits may be anything.
  if (between === '' && day === undefined) return null;
  return Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
}

/** The middle of all times that are known; null where none is. */
export function middleOf(times: Float64Array): number | null {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return first <= last ? (first + last) / 2 : null;
}
