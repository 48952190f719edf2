/** Pages of rows fetched as they come into view. A page is a block of rows and columns. */
import type { Cell } from '../worker/protocol.ts';

export const PAGE_ROWS = 128;
export const PAGE_COLUMNS = 16;
const KEPT_PAGES = 200;

/** Cells of a block, column by column. */
export type FetchBlock = (block: { start: number; end: number; columns: string[] }) => Promise<Cell[][]>;

/** A cache of one table's pages. `arrived` is told when a page comes. */
export class Pages {
  readonly #columns: string[];
  readonly #rows: number;
  readonly #fetch: FetchBlock;
  readonly #arrived: () => void;
  /** Pages by key, the least recently used first; null while under way. */
  readonly #pages = new Map<string, Cell[][] | null>();

  constructor(columns: string[], rows: number, fetch: FetchBlock, arrived: () => void) {
    this.#columns = columns;
    this.#rows = rows;
    this.#fetch = fetch;
    this.#arrived = arrived;
  }

  /** The value, or undefined while its page is under way (which asking starts). */
  cell(row: number, column: number): Cell | undefined {
    const pageRow = Math.floor(row / PAGE_ROWS);
    const pageColumn = Math.floor(column / PAGE_COLUMNS);
    const page = this.#page(pageRow, pageColumn);
    return page?.[column - pageColumn * PAGE_COLUMNS]?.[row - pageRow * PAGE_ROWS];
  }

  #page(pageRow: number, pageColumn: number): Cell[][] | null {
    const key = `${pageRow}/${pageColumn}`;
    const page = this.#pages.get(key);
    if (page === undefined) {
      void this.#load(key, pageRow * PAGE_ROWS, pageColumn * PAGE_COLUMNS);
      return null;
    }
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return page;
  }

  async #load(key: string, start: number, first: number): Promise<void> {
    this.#pages.set(key, null);
    const columns = this.#columns.slice(first, first + PAGE_COLUMNS);
    const end = Math.min(start + PAGE_ROWS, this.#rows);
    try {
      this.#pages.set(key, await this.#fetch({ start, end, columns }));
      this.#dropOldest();
      this.#arrived();
    } catch {
      // The table changed meanwhile: this cache is about to go.
      this.#pages.delete(key);
    }
  }

  #dropOldest(): void {
    for (const key of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) return;
      this.#pages.delete(key);
    }
  }
}
