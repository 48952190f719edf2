import type { Cell, Kind } from '../worker/protocol.ts';
import * as format from './format.ts';

export interface Column {
  name: string;
  kind: Kind;
}

/** A value of a table as text, with every digit; null where it is missing. */
export function shown(value: Cell, kind: Kind): string | null {
  if (value === null || Number.isNaN(value)) return null;
  if (kind === 'date') return format.date(Number(value));
  return String(value);
}

export function align(kind: Kind): 'left' | 'right' {
  return kind === 'number' || kind === 'date' ? 'right' : 'left';
}
