/** Calls about the table. */
import type { ReadOptions, Table } from 'hedgerow';
import { type Reading, USUAL_MISSING } from '../lib/recipe.ts';
import type { Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { library } from './library.ts';
import type { Cell, ColumnSummary, TableFacts } from './protocol.ts';
import { session, tableFacts, theTable } from './session.ts';
import { keep } from './store.ts';

export async function openTable(args: Args<'openTable'>, context: Context): Promise<TableFacts> {
  const { Table } = await library();
  const total = args.source.size;
  const table = await Table.fromCsv(args.source, {
    ...csvOptions(args.reading),
    signal: context.signal,
    onProgress: ({ done }) => context.progress({ phase: 'read', done, total }),
  });
  return replace(args.name, table);
}

/** How the page's choices are called by the package. */
export function csvOptions({ encoding, missing }: Reading): ReadOptions {
  return {
    encoding: encoding === 'latin1' ? 'latin1' : 'utf8',
    ...(missing.length > 0 && { missing: [...USUAL_MISSING, ...missing] }),
  };
}

/** Makes a table the loaded one, and keeps it for the next visit. */
function replace(name: string, table: Table): TableFacts {
  session.table = { name, table };
  // After the answer: the table can be looked at while it is being written.
  setTimeout(() => {
    if (session.table?.table === table) void keep('table', { name, bytes: table.toBytes() });
  });
  return tableFacts() as TableFacts;
}

export function summarize(): ColumnSummary[] {
  return theTable().summary();
}

export function cell(value: unknown): Cell {
  if (value instanceof Date) return value.getTime();
  return value as Cell;
}

export function rows({ start, end, columns }: Args<'rows'>): Cell[][] {
  const part = theTable().slice(start, end);
  try {
    return columns.map((name) => part.values(name).map(cell));
  } finally {
    part.free();
  }
}

export function setKind({ column, kind }: Args<'setKind'>): TableFacts {
  return replace(session.table?.name ?? '', theTable().withKind(column, kind));
}

export function dropMissing({ column }: Args<'dropMissing'>): TableFacts {
  return replace(session.table?.name ?? '', theTable().dropMissing([column]));
}
