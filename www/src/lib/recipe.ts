import type { Encoding, Kind } from '../worker/protocol.ts';
import * as format from './format.ts';

/** How a file is read, where that is not as usual. */
export interface Reading {
  encoding: Encoding;
  /** Spellings read as missing beside the usual ones. */
  missing: string[];
}

export const AS_USUAL: Reading = { encoding: 'utf-8', missing: [] };

/** What the package reads as missing when it is not told. */
export const USUAL_MISSING = ['NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', '?'];

/** How infinite numbers are spelled. */
export const INFINITE = ['inf', 'Inf', 'INF', 'infinity', 'Infinity', 'INFINITY'].flatMap((word) => [
  word,
  `+${word}`,
  `-${word}`,
]);

/** How the loaded table came about: what to read, and what was changed since. Enough to do it again. */
export interface Recipe extends Reading {
  /** File name. */
  name: string;
  /** Kinds chosen by hand. */
  kinds: Record<string, Kind>;
  /** Columns whose missing values had their rows dropped, in order. */
  dropped: string[];
}

export function freshRecipe(name: string, reading: Reading = AS_USUAL): Recipe {
  return { name, ...reading, kinds: {}, dropped: [] };
}

/** `penguins.csv` without its ending. */
export function baseName(name: string): string {
  return name.replace(/\.[a-z0-9]+$/i, '') || name;
}

/** A target and the start of a model's hash, as a part of file names. */
export function fileStem(target: string, sha256: string): string {
  const plain = target.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${plain || 'model'}-${format.id(sha256)}`;
}

/** What a downloaded model is called. */
export function modelFileName(target: string, sha256: string): string {
  return `${fileStem(target, sha256)}.safetensors`;
}
