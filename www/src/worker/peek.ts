/** The first rows of a large file, before the rest is read. */

import type { Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { library } from './library.ts';
import type { Peek } from './protocol.ts';
import { cell, csvOptions } from './tables.ts';

const BYTES = 128 * 1024;
const ROWS = 100;
const COLUMNS = 50;

/** Nothing when the beginning alone cannot be read: reading the whole will say why, or do. */
export async function peek({ source, name, reading }: Args<'peek'>, context: Context): Promise<Peek | null> {
  const { Table } = await library();
  const bytes = new Uint8Array(await source.slice(0, BYTES).arrayBuffer());
  const end = bytes.lastIndexOf(0x0a);
  try {
    const start = bytes.subarray(0, end + 1);
    const table = await Table.fromCsv(start, { ...csvOptions(reading), signal: context.signal });
    const columns = table.schema.slice(0, COLUMNS);
    const head = table.head(ROWS);
    const cells = columns.map((column) => head.values(column.name).map(cell));
    const rows = head.numRows;
    head.free();
    table.free();
    return { facts: { name, rows, columns }, cells };
  } catch {
    return null;
  }
}
