/** A CSV with commas, cut into cells. */
import { HedgerowError } from '../error.js';
import { checkRows } from './cells.js';

/** The cells of a text; the first row is the header. */
export interface Sheet {
  text: string;
  /** Cells of every row. */
  width: number;
  /** Rows with the header. */
  rows: number;
  /** Where every cell begins and ends in the text, row by row; of one in quotes, within them. */
  places: Uint32Array;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * Cuts a text. Lines end with \n, \r\n or \r; empty ones are skipped, but for a single column, where they
 * are a missing value.
 *
 * @throws {HedgerowError} `csv_empty`, `csv_ragged_row`, `csv_unclosed_quote`, `csv_bad_quote`, `too_many_rows`.
 */
export function sheetOf(text: string, maxRows: number): Sheet {
  const places = new Places();
  let width = 0;
  let rows = 0;
  for (let at = 0; at < text.length; ) {
    const before = places.used;
    const end = cutLine(text, at, rows, places);
    const isEmpty = end === at;
    at = lineAfter(text, end);
    const cells = (places.used - before) / 2;
    if (isEmpty && width !== 1) {
      places.used = before;
      continue;
    }
    if (rows === 0) width = cells;
    if (cells !== width) throw ragged(rows, width, cells);
    checkRows(rows, maxRows);
    rows += 1;
  }
  if (rows === 0) throw new HedgerowError('the CSV is empty. Send a header line and rows.', 'csv_empty');
  return { text, width, rows, places: places.numbers };
}

/** A cell, without the quotes around it. */
export function cellOf({ text, width, places }: Sheet, row: number, column: number): string {
  const index = 2 * (row * width + column);
  const begin = places[index] ?? 0;
  const cell = text.slice(begin, places[index + 1]);
  return text.charCodeAt(begin - 1) === QUOTE ? cell.replaceAll('""', '"') : cell;
}

/** Numbers of which nobody knows how many they will be. */
class Places {
  numbers = new Uint32Array(1024);
  used = 0;

  push(begin: number, end: number): void {
    if (this.used === this.numbers.length) this.grow();
    this.numbers[this.used] = begin;
    this.numbers[this.used + 1] = end;
    this.used += 2;
  }

  private grow(): void {
    const { numbers } = this;
    this.numbers = new Uint32Array(2 * numbers.length);
    this.numbers.set(numbers);
  }
}

/** Cuts the line that begins somewhere; where it ends. */
function cutLine(text: string, begin: number, row: number, places: Places): number {
  for (let at = begin; ; at += 1) {
    at = cutCell(text, at, row, places);
    if (text.charCodeAt(at) !== COMMA) return at;
  }
}

/** Cuts a cell; where its comma or the line's end is. */
function cutCell(text: string, begin: number, row: number, places: Places): number {
  if (text.charCodeAt(begin) === QUOTE) {
    const closing = closingQuote(text, begin + 1, row);
    places.push(begin + 1, closing);
    return behindQuote(text, closing + 1, row);
  }
  let at = begin;
  while (at < text.length && !endsCell(text.charCodeAt(at))) at += 1;
  places.push(begin, at);
  return at;
}

function endsCell(unit: number): boolean {
  return unit === COMMA || unit === LINE_FEED || unit === CARRIAGE_RETURN;
}

function closingQuote(text: string, begin: number, row: number): number {
  for (let at = begin; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) throw unclosed(row);
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
}

/** Only blanks may stand between a closing quote and the end of its cell. */
function behindQuote(text: string, begin: number, row: number): number {
  let at = begin;
  while (text.charCodeAt(at) === BLANK || text.charCodeAt(at) === TAB) at += 1;
  if (at === text.length || endsCell(text.charCodeAt(at))) return at;
  throw badQuote(row);
}

function lineAfter(text: string, end: number): number {
  const isPair = text.charCodeAt(end) === CARRIAGE_RETURN && text.charCodeAt(end + 1) === LINE_FEED;
  return end + (isPair ? 2 : 1);
}

function unclosed(row: number): HedgerowError {
  const message = `row ${row} opens a quote that is never closed. Close it, or double it where a quote is part of the value.`;
  return new HedgerowError(message, 'csv_unclosed_quote', { row });
}

function badQuote(row: number): HedgerowError {
  const message = `row ${row} goes on after a closing quote. Double the quotes that are part of a value.`;
  return new HedgerowError(message, 'csv_bad_quote', { row });
}

function ragged(row: number, expected: number, found: number): HedgerowError {
  return new HedgerowError(
    `row ${row} has ${found} cells where ${expected} are expected. Add or remove cells, or put quotes around values that hold a comma.`,
    'csv_ragged_row',
    { row },
  );
}
