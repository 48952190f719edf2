import type { Finding, MonitorReport, Rule } from 'hedgerow/monitor';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { inTime } from '../lib/timeline.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { Problem, Seen, Watched, WatchedFacts } from '../worker/protocol.ts';
import { result } from './result.svelte.ts';

/** A file or service that new rows come from. */
export interface Source {
  id: number;
  name: string;
  /** Of a service; kept as long as the page, to ask again. */
  token?: string;
  file?: Blob;
  seen: Seen | null;
  problem: Problem | null;
}

/** What a model sees, beside what it was trained on. */
class MonitorState {
  watched = $state.raw<WatchedFacts | null>(null);
  sources = $state.raw<Source[]>([]);
  report = $state.raw<MonitorReport | null>(null);
  /** Of the model: it cannot be watched. */
  problem = $state.raw<Problem | null>(null);
  /** Of rules that cannot be used; what was found by others stays. */
  rulesProblem = $state.raw<Problem | null>(null);
  /** Null are the usual ones. */
  rules = $state.raw<Rule[] | null>(loadSetting<Rule[]>('rules') ?? null);
  usualRules = $state.raw<Rule[]>([]);
  /** Whether places are times one after the other, of which the last is reported; else they are added up. */
  windows = $state(false);
  opening = $state(false);
  /** What is being looked at: its name and how far, of which nothing is known while its rows are counted. */
  busy = $state.raw<{ name: string; share: number | undefined; place: number; of: number } | null>(null);
  /** The column whose picture is shown, by its key; the worst one where none is chosen. */
  column = $state<string | null>(null);

  #asked = $state.raw<Watched>({ from: 'current', run: null });
  #cancel: AbortController | undefined;
  #lastId = 0;
  #turn = 0;

  /** Places whose rows were counted. */
  get seen(): (Source & { seen: Seen })[] {
    return this.sources.filter((source): source is Source & { seen: Seen } => source.seen !== null);
  }

  /** The same in the order of time, as far as that is known. */
  get inOrder(): (Source & { seen: Seen })[] {
    return inTime(this.seen, ({ name, seen: { at } }) => ({ name, at }));
  }

  /** What is odd: of the tables as they were read, then of all values; each is told once. */
  get findings(): Finding[] {
    const told = this.windows ? this.inOrder.slice(-1) : this.seen;
    const all = [...told.flatMap(({ seen }) => seen.findings), ...(this.report?.findings ?? [])];
    const known = new Set<string>();
    return all.filter(({ message }) => !known.has(message) && known.add(message));
  }

  /** Whether the model that is watched is the page's current one, or none is. */
  get followsCurrent(): boolean {
    return this.#asked.from === 'current';
  }

  /** Watches the current model, unless another was chosen or it is watched already. */
  async follow(sha256: string): Promise<void> {
    if (!this.followsCurrent || this.opening || this.watched?.sha256 === sha256) return;
    await this.watch({ from: 'current', run: result.run });
  }

  /** Watches another model; what was seen by the one before is no profile of it. */
  async watch(watched: Watched, byTable = false): Promise<void> {
    this.cancel();
    this.opening = true;
    this.problem = null;
    try {
      const facts = await call('watch', { watched, byTable });
      this.#asked = watched;
      this.#forget();
      this.watched = facts;
      await this.#restore(facts);
      if (this.usualRules.length === 0) this.usualRules = await call('defaultRules', null);
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.opening = false;
    }
  }

  /** Compares with the loaded table instead of a profile in the model. */
  async byTable(): Promise<void> {
    await this.watch(this.#asked, true);
  }

  async addFiles(files: readonly File[]): Promise<void> {
    await this.#look(files.map((file) => this.#source({ name: file.name, file })));
  }

  async addServices(urls: readonly string[], token: string): Promise<void> {
    await this.#look(urls.map((url) => this.#source({ name: url, token })));
  }

  /** Asks all services again. */
  async refresh(): Promise<void> {
    await this.#look(this.sources.filter(({ token }) => token !== undefined));
  }

  remove(id: number): void {
    this.sources = this.sources.filter((source) => source.id !== id);
    void this.compare();
  }

  clear(): void {
    this.cancel();
    this.#forget();
    this.#keep();
  }

  cancel(): void {
    this.#cancel?.abort();
  }

  async setWindows(windows: boolean): Promise<void> {
    this.windows = windows;
    await this.compare();
  }

  async setRules(rules: Rule[] | null): Promise<void> {
    this.rules = rules;
    await this.compare();
    if (this.rulesProblem === null) saveSetting('rules', rules);
  }

  /** Compares all that was seen with training; of several comparisons at a time the last one counts. */
  async compare(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const profiles = this.inOrder.map(({ seen }) => seen.profile);
    this.#keep();
    this.rulesProblem = null;
    if (profiles.length === 0) {
      this.report = null;
      return;
    }
    try {
      const { rules, windows } = this;
      const report = await call('driftReport', { profiles, rules, windows });
      if (turn === this.#turn) this.report = report;
    } catch (error) {
      if (turn === this.#turn) this.rulesProblem = problemOf(error);
    }
  }

  /** What the current model had seen at the last visit. */
  async #restore({ sha256, reference }: WatchedFacts): Promise<void> {
    if (!this.followsCurrent || reference !== 'model') return;
    const places = await call('seenBefore', { sha256 });
    this.sources = places.map((place) => ({ ...this.#source({ name: place.name }), seen: place.seen }));
    await this.compare();
  }

  /** Profiles are small; the rows themselves are not kept. */
  #keep(): void {
    if (!this.followsCurrent || this.watched?.reference !== 'model') return;
    const { sha256 } = this.watched;
    const places = this.seen.map(({ name, seen }) => ({ name, seen }));
    void call('keepSeen', { sha256, places }).catch(() => {});
  }

  #forget(): void {
    this.sources = [];
    this.report = null;
    this.rulesProblem = null;
    this.column = null;
  }

  #source(part: Pick<Source, 'name' | 'file' | 'token'>): Source {
    this.#lastId += 1;
    return { id: this.#lastId, seen: null, problem: null, ...part };
  }

  /** One after the other: each fills a worker of its own. */
  async #look(sources: Source[]): Promise<void> {
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    for (const [index, source] of sources.entries()) {
      if (cancel.signal.aborted) break;
      const at = { name: source.name, place: index + 1, of: sources.length };
      this.busy = { ...at, share: undefined };
      try {
        const seen = await this.#seen(source, cancel.signal, (share) => {
          if (this.#cancel === cancel) this.busy = { ...at, share };
        });
        if (!cancel.signal.aborted) this.#put({ ...source, seen, problem: null });
      } catch (error) {
        if (!wasCancelled(error)) this.#put({ ...source, seen: null, problem: problemOf(error) });
      }
    }
    if (this.#cancel !== cancel) return;
    this.busy = null;
    await this.compare();
  }

  #seen(
    { name, file, token }: Source,
    signal: AbortSignal,
    report: (share: number | undefined) => void,
  ): Promise<Seen> {
    if (!file) return call('lookAtService', { url: name, token: token ?? '' }, { signal });
    return call(
      'lookAtFile',
      { name, source: file },
      {
        signal,
        onProgress: ({ phase, done, total }) =>
          report(phase === 'read' && total > 0 ? done / total : undefined),
      },
    );
  }

  /** In its place, or at the end. */
  #put(source: Source): void {
    const isKnown = this.sources.some(({ id }) => id === source.id);
    this.sources = isKnown
      ? this.sources.map((other) => (other.id === source.id ? source : other))
      : [...this.sources, source];
  }
}

export const monitor = new MonitorState();
