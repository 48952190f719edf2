/** Dates as Hedgerow reads them from a CSV: ISO 8601, and UTC where no zone is given. */
const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

const MILLIS_PER_MINUTE = 60_000;

/** Milliseconds since 1970-01-01T00:00:00Z; `undefined` where the text is no date. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const millis = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = zone(match[8]);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have has become one of the next.
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined;
  return date.getTime() + (hour * 60 + minute - offset) * MILLIS_PER_MINUTE + second * 1_000 + millis;
}

/** Minutes that a zone is before UTC. */
function zone(text = 'Z'): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
