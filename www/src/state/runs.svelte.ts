import type { Experiment, Page, Run } from 'hedgerow/track';
import { columnsOf, type Order, orderText, type RunColumn, usualFields } from '../lib/runs-table.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { call, problemOf } from '../worker/client.ts';
import type { Problem } from '../worker/protocol.ts';

export const PAGE = 50;

/** The table of runs: what is asked for, and what was found. */
class RunsState {
  page = $state.raw<Page | null>(null);
  experiments = $state.raw<Experiment[]>([]);
  problem = $state.raw<Problem | null>(null);
  /** A filter that cannot be read; what was found before stays. */
  filterProblem = $state.raw<Problem | null>(null);
  filter = $state('');
  experiment = $state<string | null>(null);
  order = $state.raw<Order | null>(null);
  /** Whether those that are part of a study are listed, too. */
  parts = $state(false);
  offset = $state(0);
  /** Ids of those to compare. */
  selected = $state.raw<string[]>([]);
  #fields = $state.raw<string[] | null>(loadSetting('runColumns') ?? null);
  #last = 0;

  columns: RunColumn[] = $derived(columnsOf(this.page?.runs ?? []));
  /** Of the columns that are shown. */
  fields: string[] = $derived(this.#fields ?? usualFields(this.page?.runs ?? []));
  shown: RunColumn[] = $derived(this.columns.filter(({ field }) => this.fields.includes(field)));

  get running(): boolean {
    return this.page?.runs.some(({ status }) => status === 'RUNNING') ?? false;
  }

  /** Whether there is anything at all, whatever is asked for. */
  get empty(): boolean {
    return this.page?.total === 0 && this.filter === '' && this.experiment === null;
  }

  show(field: string, shown: boolean): void {
    const rest = this.fields.filter((one) => one !== field);
    this.#fields = shown ? [...rest, field] : rest;
    saveSetting('runColumns', this.#fields);
  }

  showUsual(): void {
    this.#fields = null;
    saveSetting('runColumns', null);
  }

  select(id: string, selected: boolean): void {
    const rest = this.selected.filter((one) => one !== id);
    this.selected = selected ? [...rest, id] : rest;
  }

  /** Asks for something else, from the first page on. */
  ask(change: { filter?: string; experiment?: string | null; order?: Order | null; parts?: boolean }): void {
    Object.assign(this, change, { offset: 0 });
    void this.load();
  }

  turn(offset: number): void {
    this.offset = offset;
    void this.load();
  }

  /** Of several at a time the last one counts. */
  async load(): Promise<void> {
    this.#last += 1;
    const turn = this.#last;
    const { filter, experiment, offset } = this;
    try {
      const page = await call('track.runs', [
        {
          filter,
          orderBy: orderText(this.order),
          ...(experiment !== null && { experiment }),
          ...(!this.parts && { parent: '' }),
          limit: PAGE,
          offset,
        },
      ]);
      if (turn !== this.#last) return;
      // What is asked for again and again is mostly the same.
      const changed = JSON.stringify(page) !== JSON.stringify(this.page);
      if (this.running || changed) this.page = page;
      this.problem = null;
      this.filterProblem = null;
      if (changed) this.experiments = await call('track.experiments', []);
    } catch (error) {
      if (turn !== this.#last) return;
      const problem = problemOf(error);
      if (problem.code === 'bad_filter') this.filterProblem = problem;
      else this.problem = problem;
    }
  }

  /** Takes what is gone out of the choice. */
  forget({ id }: Run): void {
    this.select(id, false);
    void this.load();
  }
}

export const runs = new RunsState();
