/** How the rows of a run were read, so that new rows are read likewise. */
import type { ReadOptions } from 'hedgerow';
import { literal } from './code.ts';
import { USUAL_MISSING } from './recipe.ts';

export type CsvReading = Omit<ReadOptions, 'onProgress' | 'signal'>;

/** As a run's recipe has it. */
export interface RunReading {
  csv?: CsvReading;
  /** Columns that were left out. */
  drop?: string[];
  /** Rows that miss any value were left out. */
  dropMissing?: boolean;
  /** Rows that miss a value of these were left out. */
  dropMissingIn?: string[];
}

/** What every run says of how it read, where nothing was asked for. */
const USUAL: Record<string, unknown> = {
  encoding: 'utf8',
  missing: USUAL_MISSING,
  maxColumns: 10_000,
  maxCellBytes: 1 << 20,
  hasHeader: true,
};

/** What is read otherwise than as usual. */
export function unusual(csv: CsvReading = {}): CsvReading {
  const isUsual = ([name, value]: [string, unknown]) => literal(value) === literal(USUAL[name]);
  return Object.fromEntries(Object.entries(csv).filter((option) => !isUsual(option)));
}

/** The same without the kinds of columns: rows that are watched may be of others, which is then told. */
export function watchedReading({ csv }: RunReading = {}): CsvReading {
  const { kinds: _, ...reading } = unusual(csv);
  return reading;
}

/** As flags of the command line. */
export function readingFlags({ delimiter, encoding, missing = [] }: CsvReading): string[][] {
  return [
    delimiter === undefined ? [] : ['--delimiter', delimiter],
    encoding === undefined ? [] : ['--encoding', encoding],
    ...missing.map((word) => ['--missing', word]),
  ];
}
