import type { Experiment, ExperimentReport } from 'hedgerow/monitor';
import { type UnitColumns, weightsIn } from '../lib/experiment.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { AbFile, Problem } from '../worker/protocol.ts';

/** A file or router that counts come from. */
export interface AbSource {
  id: number;
  name: string;
  /** Of a router; kept as long as the page, to ask again. */
  token?: string;
  file?: Blob;
  found: AbFile | null;
  problem: Problem | null;
}

/** An A/B test: what was counted of each variant, and what that says. */
class AbState {
  sources = $state.raw<AbSource[]>([]);
  /** By which rows are counted, the same in all files. */
  by = $state.raw<UnitColumns | null>(null);
  counts = $state.raw<Experiment | null>(null);
  report = $state.raw<ExperimentReport | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Where counts do not tell it themselves; the first by name where nothing is chosen. */
  control = $state<string | null>(null);
  /** As they are written. */
  weights = $state('');
  alpha = $state(0.05);
  lowerIsBetter = $state(false);
  /** What is read. */
  busy = $state<string | null>(null);

  #cancel: AbortController | undefined;
  #lastId = 0;
  #turn = 0;

  get counted(): Experiment[] {
    return this.sources.flatMap(({ found }) => (found?.counted ? [found.counted.counts] : []));
  }

  /** Rows that have no variant or no outcome. */
  get leftOut(): number {
    return this.sources.reduce((sum, { found }) => sum + (found?.counted?.leftOut ?? 0), 0);
  }

  /** The columns that one chooses from: those of the first table. */
  get columns() {
    return this.sources.find(({ found }) => found?.columns)?.found?.columns ?? null;
  }

  /** Whether counts say themselves what they are compared with, and how units should be spread. */
  get tells(): { control: boolean; weights: boolean } {
    const has = (key: 'control' | 'weights') =>
      this.counted.some((counts) => Object.keys(counts[key] ?? {}).length > 0);
    return { control: has('control'), weights: has('weights') };
  }

  async addFiles(files: readonly File[]): Promise<void> {
    await this.#look(files.map((file) => this.#source({ name: file.name, file })));
  }

  async addRouters(urls: readonly string[], token: string): Promise<void> {
    await this.#look(urls.map((url) => this.#source({ name: url, token })));
  }

  async refresh(): Promise<void> {
    await this.#look(this.sources.filter(({ token }) => token !== undefined));
  }

  /** Counts all tables anew, by other columns. */
  async countBy(by: UnitColumns): Promise<void> {
    this.by = by;
    await this.#look(this.sources.filter(({ file, found }) => file && found?.columns !== null));
  }

  remove(id: number): void {
    this.sources = this.sources.filter((source) => source.id !== id);
    if (this.columns === null) this.by = null;
    void this.compare();
  }

  clear(): void {
    this.cancel();
    this.sources = [];
    this.by = null;
    this.control = null;
    void this.compare();
  }

  cancel(): void {
    this.#cancel?.abort();
  }

  /** Of several comparisons at a time the last one counts. */
  async compare(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.problem = null;
    if (this.counted.length === 0) {
      this.counts = null;
      this.report = null;
      return;
    }
    const { alpha, lowerIsBetter, tells } = this;
    const weights = tells.weights ? {} : (weightsIn(this.weights) ?? {});
    const control = tells.control ? null : this.control;
    try {
      const options = { alpha, lowerIsBetter };
      const found = await call('abCompare', { counts: this.counted, control, weights, options });
      if (turn !== this.#turn) return;
      this.counts = found.counts;
      this.report = found.report;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.report = null;
      this.problem = problemOf(error);
    }
  }

  #source(part: Pick<AbSource, 'name' | 'file' | 'token'>): AbSource {
    this.#lastId += 1;
    return { id: this.#lastId, found: null, problem: null, ...part };
  }

  async #look(sources: AbSource[]): Promise<void> {
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    for (const source of sources) {
      if (cancel.signal.aborted) break;
      this.busy = source.name;
      try {
        const found = await this.#found(source, cancel.signal);
        if (cancel.signal.aborted) break;
        this.by ??= found.by;
        this.#put({ ...source, found, problem: null });
      } catch (error) {
        if (!wasCancelled(error)) this.#put({ ...source, found: null, problem: problemOf(error) });
      }
    }
    if (this.#cancel !== cancel) return;
    this.busy = null;
    await this.compare();
  }

  async #found({ name, file, token }: AbSource, signal: AbortSignal): Promise<AbFile> {
    if (file) return call('abFile', { name, source: file, by: this.by }, { signal });
    const counts = await call('abService', { url: name, token: token ?? '' }, { signal });
    return { columns: null, by: null, counted: { counts, leftOut: 0 } };
  }

  /** In its place, or at the end. */
  #put(source: AbSource): void {
    const isKnown = this.sources.some(({ id }) => id === source.id);
    this.sources = isKnown
      ? this.sources.map((other) => (other.id === source.id ? source : other))
      : [...this.sources, source];
  }
}

export const ab = new AbState();
