import { AS_USUAL, freshRecipe, INFINITE, type Reading, type Recipe } from '../lib/recipe.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { ColumnSummary, Kind, Peek, Problem, TableFacts } from '../worker/protocol.ts';

/** A file of more bytes than these shows its first rows before it is read. */
const LARGE = 4_000_000;

/** The loaded table and how it came about. */
class DataState {
  table = $state.raw<TableFacts | null>(null);
  summary = $state.raw<ColumnSummary[] | null>(null);
  recipe = $state.raw<Recipe>(loadSetting('recipe') ?? freshRecipe(''));
  /** Share of the file read so far, while reading. */
  reading = $state<{ name: string; share: number } | null>(null);
  /** While what was loaded at the last visit is brought back. */
  restoring = $state(false);
  /** The first rows of a large file, while the rest is read. */
  peeked = $state.raw<Peek | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** A problem with a change to one column, shown at that column. */
  columnProblem = $state.raw<{ column: string; problem: Problem } | null>(null);
  /** The column that the table and the details are about. */
  selected = $state<string | null>(null);

  #source: { blob: Blob; name: string } | undefined;
  /** How the source was last read, or tried to be. */
  #tried: Reading = AS_USUAL;
  #cancel: AbortController | undefined;

  async open(blob: Blob, name: string, reading: Reading = AS_USUAL): Promise<boolean> {
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.#source = { blob, name };
    this.#tried = reading;
    this.problem = null;
    this.reading = { name, share: 0 };
    this.peeked = null;
    try {
      if (blob.size > LARGE) this.peeked = await call('peek', { source: blob, name, reading }, cancel);
      const table = await call(
        'openTable',
        { source: blob, name, reading },
        {
          signal: cancel.signal,
          onProgress: ({ done, total }) => {
            this.reading = { name, share: total > 0 ? done / total : 0 };
          },
        },
      );
      this.#setRecipe(freshRecipe(name, reading));
      this.selected = null;
      this.#show(table);
      return true;
    } catch (error) {
      if (!wasCancelled(error)) this.problem = problemOf(error);
      return false;
    } finally {
      if (this.#cancel === cancel) {
        this.reading = null;
        this.peeked = null;
      }
    }
  }

  cancel(): void {
    this.#cancel?.abort();
  }

  /** How the source might be read instead, to get past the problem. */
  get otherReading(): { label: string; reading: Reading } | null {
    if (!this.#source || !this.problem) return null;
    const { code, details } = this.problem;
    const { value } = details;
    if (code === 'csv_encoding' && this.#tried.encoding === 'utf-8') {
      return { label: 'Read as Latin-1', reading: { ...this.#tried, encoding: 'latin1' } };
    }
    if (code === 'csv_infinite' && value !== undefined) {
      const missing = [...new Set([...this.#tried.missing, ...INFINITE, value])];
      return { label: 'Read infinite values as missing', reading: { ...this.#tried, missing } };
    }
    return null;
  }

  /** Reads the same source again, differently. */
  reread(reading: Reading): Promise<boolean> {
    if (!this.#source) return Promise.resolve(false);
    return this.open(this.#source.blob, this.#source.name, reading);
  }

  async openSample(file: string): Promise<boolean> {
    const response = await fetch(`./samples/${file}`);
    return this.open(await response.blob(), file);
  }

  restore(table: TableFacts): void {
    this.#show(table);
  }

  async setKind(column: string, kind: Kind): Promise<void> {
    await this.#change(column, async () => {
      const table = await call('setKind', { column, kind });
      this.#setRecipe({ ...this.recipe, kinds: { ...this.recipe.kinds, [column]: kind } });
      return table;
    });
  }

  async dropMissing(column: string): Promise<void> {
    await this.#change(column, async () => {
      const table = await call('dropMissing', { column });
      const dropped = this.recipe.dropped.filter((name) => name !== column);
      this.#setRecipe({ ...this.recipe, dropped: [...dropped, column] });
      return table;
    });
  }

  async #change(column: string, change: () => Promise<TableFacts>): Promise<void> {
    this.columnProblem = null;
    try {
      this.#show(await change());
    } catch (error) {
      this.columnProblem = { column, problem: problemOf(error) };
    }
  }

  #setRecipe(recipe: Recipe): void {
    this.recipe = recipe;
    saveSetting('recipe', recipe);
  }

  /** Shows the rows at once; the summary follows. */
  #show(table: TableFacts): void {
    this.table = table;
    saveSetting('loaded', true);
    call('summarize', null).then(
      (summary) => {
        if (this.table === table) this.summary = summary;
      },
      (error) => {
        this.problem = problemOf(error);
      },
    );
  }
}

export const data = new DataState();
