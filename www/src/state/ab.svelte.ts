import type { Experiment, ExperimentReport } from 'hedgerow/monitor';
import { keptSettings, type UnitColumns, weightsIn } from '../lib/experiment.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { CallError, call, problemOf } from '../worker/client.ts';
import type { AbFile, Problem } from '../worker/protocol.ts';
import { Places, type Source } from './places.svelte.ts';

/** A file or router that counts come from. */
export type AbSource = Source<AbFile>;

/** A test as it is kept over a reload: what was counted, not the files. */
interface Kept extends Pick<AbState, 'by' | 'control' | 'weights' | 'alpha' | 'lowerIsBetter'> {
  places: { name: string; isRouter: boolean; found: AbFile }[];
}

/** An A/B test: what was counted of each variant, and what that says. */
class AbState {
  readonly places = new Places<AbFile>({
    look: (source, signal) => this.#look(source, signal),
    changed: () => this.#changed(),
  });
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

  #turn = 0;
  #isRestored = false;

  /** What was compared before the page was loaded, once. */
  restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    const kept = loadSetting<Kept | null>('ab');
    if (!kept || this.places.all.length > 0) return;
    const { places, ...chosen } = kept;
    Object.assign(this, chosen);
    this.places.fill(places.map(({ isRouter, ...place }) => ({ ...place, ...(isRouter && { token: '' }) })));
    void this.compare();
  }

  get counted(): Experiment[] {
    return this.places.all.flatMap(({ found }) => (found?.counted ? [found.counted.counts] : []));
  }

  /** Rows that have no variant or no outcome. */
  get leftOut(): number {
    return this.places.all.reduce((sum, { found }) => sum + (found?.counted?.leftOut ?? 0), 0);
  }

  /** The columns that one chooses from: those of the first table that can be counted anew. */
  get columns() {
    return this.places.all.find(({ file, found }) => file && found?.columns)?.found?.columns ?? null;
  }

  /** Whether counts say themselves what they are compared with, and how units should be spread. */
  get tells(): { control: boolean; weights: boolean } {
    const has = (key: 'control' | 'weights') =>
      this.counted.some((counts) => Object.keys(counts[key] ?? {}).length > 0);
    return { control: has('control'), weights: has('weights') };
  }

  /** Counts all tables anew, by other columns. */
  countBy(by: UnitColumns): void {
    this.by = by;
    this.places.again(({ found }) => found !== null && found.columns !== null);
  }

  /** Of several comparisons at a time the last one counts. */
  async compare(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.problem = null;
    this.#keep();
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

  #changed(): void {
    if (!this.places.all.some(({ found }) => found?.columns)) this.by = null;
    const kept = keptSettings(this.counted, this);
    this.control = kept.control;
    this.weights = kept.weights;
    void this.compare();
  }

  /** Counts are small. Secrets are not kept. */
  #keep(): void {
    const { by, control, weights, alpha, lowerIsBetter } = this;
    const places = this.places.all.flatMap(({ name, token, found }) =>
      found?.counted ? [{ name, isRouter: token !== undefined, found }] : [],
    );
    const kept: Kept = { places, by, control, weights, alpha, lowerIsBetter };
    saveSetting('ab', places.length > 0 ? kept : null);
  }

  async #look({ name, file, token }: AbSource, signal: AbortSignal): Promise<AbFile> {
    if (!file && token === undefined) {
      const message = 'This file was counted in another way before the page was loaded. Drop it again.';
      throw new CallError({ code: 'not_there', message, details: {} });
    }
    if (!file) {
      const counts = await call('abService', { url: name, token: token ?? '' }, { signal });
      return { columns: null, by: null, counted: { counts, leftOut: 0 } };
    }
    const found = await call('abFile', { name, source: file, by: this.by }, { signal });
    if (!signal.aborted) this.by ??= found.by;
    return found;
  }
}

export const ab = new AbState();
