/** Plain decimal numbers, read where they stand in a text. */

const POINT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * The number that stands between two places, spelled with digits, a point and a minus; NaN for whatever else
 * stands there, and for more digits than are read exactly. Digits without their point are a whole number, and
 * what divides it a power of ten: where both are exact, so is the quotient's rounding.
 */
export function decimalAt(text: string, begin: number, end: number): number {
  const isNegative = text.charCodeAt(begin) === MINUS;
  const first = isNegative ? begin + 1 : begin;
  let whole = 0;
  let point = -1;
  for (let at = first; at < end; at++) {
    const unit = text.charCodeAt(at);
    const digit = unit - ZERO;
    if (digit >= 0 && digit <= 9) whole = whole * 10 + digit;
    else if (unit === POINT && point < 0) point = at;
    else return Number.NaN;
  }
  const digits = end - first - (point < 0 ? 0 : 1);
  if (digits < 1 || whole >= 2 ** 53) return Number.NaN;
  const scale = point < 0 ? 0 : end - point - 1;
  const value = whole / (POWERS[scale] ?? Number.NaN);
  // No zero has a sign.
  return isNegative ? 0 - value : value;
}
