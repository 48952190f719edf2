/** What goes into a module's memory, and how. */
import type { Column } from './scorer.js';

/** A memory as numbers, words and bytes. */
export interface Views {
  numbers: Float64Array;
  words: Uint32Array;
  bytes: Uint8Array;
}

/** Gives the views of a memory, which any call into its module may have moved. */
export type Memory = () => Views;

/** The length of a missing string. */
export const MISSING = 0xffffffff;

const encoder = new TextEncoder();

/** The views stay the same for as long as the memory does not grow. */
export function memoryOf(memory: WebAssembly.Memory): Memory {
  let views = viewsOf(memory.buffer);
  return () => {
    if (views.bytes.buffer !== memory.buffer) views = viewsOf(memory.buffer);
    return views;
  };
}

function viewsOf(buffer: ArrayBuffer): Views {
  return {
    numbers: new Float64Array(buffer),
    words: new Uint32Array(buffer),
    bytes: new Uint8Array(buffer),
  };
}

/** Bytes that the strings of some columns take at most: a UTF-16 unit takes three in UTF-8 at most. */
export function textRoom(columns: readonly Column[]): number {
  let units = 0;
  for (const column of columns) {
    if (column instanceof Float64Array) continue;
    for (const text of column) units += text?.length ?? 0;
  }
  return units * 3;
}

/** Writes columns as the ABI has them: cells of eight bytes, column by column, and then the texts; gives their end. */
export function writeColumns(
  views: Views,
  address: number,
  columns: readonly Column[],
  rows: number,
): number {
  const texts = address + columns.length * rows * 8;
  let end = texts;
  columns.forEach((column, index) => {
    const cells = address + index * rows * 8;
    if (column instanceof Float64Array) views.numbers.set(column, cells >>> 3);
    else end = writeTexts(views, cells >>> 2, column, texts, end);
  });
  return end;
}

/** Writes strings behind those before; gives the end. */
function writeTexts(
  { words, bytes }: Views,
  cells: number,
  column: readonly (string | null)[],
  texts: number,
  begin: number,
): number {
  let end = begin;
  column.forEach((text, row) => {
    const length = text === null ? MISSING : encode(text, bytes, end);
    words[cells + 2 * row] = end - texts;
    words[cells + 2 * row + 1] = length;
    if (text !== null) end += length;
  });
  return end;
}

/** Writes a text as UTF-8; gives its length. The encoder is slow to call, and most texts are short and ASCII. */
export function encode(text: string, bytes: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at + index] = unit;
  }
  return text.length;
}
