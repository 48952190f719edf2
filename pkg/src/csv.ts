/** CSV to a table, piece by piece. */
import { calling } from './error.js';
import { pauses } from './pause.js';
import { open, type Source } from './source.js';
import { type CsvOptions, CsvReader, type Table as RawTable } from './wasm/hedgerow.js';

/** How far a CSV is read. */
export interface ReadProgress {
  phase: 'read';
  /** Bytes read. */
  done: number;
  /** Bytes there are, where the source tells. */
  total?: number;
  /** Rows read. */
  rows: number;
}

/** How to read a CSV. */
export interface ReadOptions extends CsvOptions {
  /** Called as the reading goes on. */
  onProgress?: (progress: ReadProgress) => void;
  /** Aborting it stops the reading, which rejects with its reason. */
  signal?: AbortSignal;
}

/** Reads a CSV; the event loop runs between pieces. */
export async function readCsv(source: Source, options: ReadOptions): Promise<RawTable> {
  const { onProgress, signal, ...csv } = options;
  signal?.throwIfAborted();
  const { total, pieces } = open(source, signal);
  const pause = pauses(signal);
  const reader = calling(() => new CsvReader(csv));
  let done = 0;
  try {
    for await (const piece of pieces) {
      calling(() => reader.push(piece));
      done += piece.length;
      onProgress?.({ phase: 'read', done, ...(total !== undefined && { total }), rows: reader.rows });
      await pause();
    }
    return calling(() => reader.finish());
  } finally {
    reader.free();
  }
}
