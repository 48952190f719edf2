/** How numbers, shares, dates and durations are written. Nothing else in the page formats a number. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const tiny = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'scientific' });
const huge = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, notation: 'compact' });

const MISSING = '–';

/** A count: every digit, thousands separated. */
export function count(value: number): string {
  return whole.format(value);
}

/** A count with its noun: `1 row`, `2,000 rows`. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** With a capital letter, as titles have. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** As within a sentence: `Log loss` is `log loss`, `ROC AUC` stays. */
export function inSentence(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const list = new Intl.ListFormat('en');

/** `a, b, and c`. */
export function listed(texts: string[]): string {
  return list.format(texts);
}

/** A noun as the title of a count: `tree` is `Trees`. */
export function plural(noun: string): string {
  return `${capital(noun)}s`;
}

/** A measured number: three significant digits, but never fewer digits than its whole part. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  const size = Math.abs(value);
  if (size >= 1e9) return huge.format(value);
  if (size >= 1000) return whole.format(value);
  if (size > 0 && size < 1e-3) return tiny.format(value).replace('E', 'e');
  return three.format(value);
}

/** A score between 0 and 1 or an R²: three digits after the point, so that scores line up. */
export function score(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  return value.toFixed(3).replace('-0.000', '0.000');
}

/** The value of an axis tick, which is round: without digits that are noise. */
export function tick(value: number): string {
  return number(Number(value.toPrecision(6)));
}

/** A share as a percentage, to the tenth: `3.2 %`, `<0.1 %`, `100 %`; never broken over two lines. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return MISSING;
  if (share > 0 && share < 0.001) return '<0.1\u00a0%';
  if (share > 0.999 && share < 1) return '>99.9\u00a0%';
  return `${tenths.format(share * 100)}\u00a0%`;
}

/** Every digit there is, for the title of a rounded number. */
export function full(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? 'no value' : String(value);
}

/** A date as ISO 8601, with the time only where there is one. */
export function date(milliseconds: number): string {
  const written = new Date(milliseconds);
  if (Number.isNaN(written.getTime())) return String(milliseconds);
  const text = written.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}

/** The day of a date. */
export function day(milliseconds: number): string {
  return date(milliseconds).slice(0, 10);
}

/** When something happened, in the reader's own time, to the minute: `2026-03-01 09:05`. */
export function moment(milliseconds: number): string {
  const at = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
}

/** A short time, to the tenth, which is what browsers measure: `<0.1 ms`, `2.4 ms`. */
export function milliseconds(value: number): string {
  return value < 0.05 ? '<0.1\u00a0ms' : `${tenths.format(value)}\u00a0ms`;
}

/** The beginning of an id or a hash, by which people tell it from others. */
export function id(text: string): string {
  return text.slice(0, 8);
}

/** A size in bytes: `812 B`, `1.2 MB`. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  const units = ['kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(size) / 3), units.length);
  return `${three.format(size / 1000 ** power)} ${units[power - 1]}`;
}
