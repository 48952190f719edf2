import type { Finding, MonitorReport, Rule } from 'hedgerow/monitor';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { inTime } from '../lib/timeline.ts';
import { call, problemOf, wasCancelled } from '../worker/client.ts';
import type { Problem, Progress, Seen, SeenPlace, Watched, WatchedFacts } from '../worker/protocol.ts';
import { Places, type Source } from './places.svelte.ts';
import { result } from './result.svelte.ts';

/** A place of new rows that were counted. */
export type SeenSource = Source<Seen> & { seen: Seen };

/** What a model sees, beside what it was trained on. */
class MonitorState {
  watched = $state.raw<WatchedFacts | null>(null);
  readonly places = new Places<Seen>({
    look: (source, signal, report) => lookAt(source, signal, report),
    changed: () => void this.compare(),
  });
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
  /** The column whose picture is shown, by its key; the worst one where none is chosen. */
  column = $state<string | null>(null);

  #asked = $state.raw<Watched>({ from: 'current', run: null });
  /** What is on its way to be watched. */
  #coming: { watched: Watched; sha256: string | null; cancel: AbortController } | undefined;
  #turn = 0;

  /** Places whose rows were counted. */
  get seen(): SeenSource[] {
    return this.places.all.flatMap((source) => (source.found ? [{ ...source, seen: source.found }] : []));
  }

  /** The same in the order of time, as far as that is known. */
  get inOrder(): SeenSource[] {
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

  /** Watches the current model, unless another was chosen, or it is watched already or will be. */
  async follow(sha256: string): Promise<void> {
    const { watched } = this.#coming ?? { watched: this.#asked };
    const last = this.#coming ? this.#coming.sha256 : this.watched?.sha256;
    if (watched.from !== 'current' || last === sha256) return;
    await this.#watch({ from: 'current', run: result.run }, { sha256 });
  }

  /** Watches another model; until it is there, the one before stays. */
  async watch(watched: Watched): Promise<void> {
    await this.#watch(watched);
  }

  /** Compares with the loaded table instead of a profile in the model. */
  async byTable(): Promise<void> {
    await this.#watch(this.#asked, { byTable: true });
  }

  /** Connects to each day of a service by itself, as times one after the other. */
  async connectByDay(address: string, token: string): Promise<void> {
    // What is wrong with the service is said at its place.
    const days = await call('serviceDays', { url: address, token }).catch(() => [address]);
    this.windows = true;
    this.places.connect(days, token);
  }

  async setWindows(windows: boolean): Promise<void> {
    this.windows = windows;
    await this.compare();
  }

  /** Rules that cannot be used take the place of none. */
  async setRules(rules: Rule[] | null): Promise<void> {
    await this.compare(rules);
    if (this.rulesProblem === null) saveSetting('rules', rules);
  }

  /** Compares all that was seen with training; of several comparisons at a time the last one counts. */
  async compare(rules = this.rules): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const profiles = this.inOrder.map(({ seen }) => seen.profile);
    this.#keep();
    this.rulesProblem = null;
    if (profiles.length === 0) {
      this.rules = rules;
      this.report = null;
      this.column = null;
      return;
    }
    try {
      const report = await call('driftReport', { profiles, rules, windows: this.windows });
      const isNew = rules !== this.rules;
      this.rules = rules;
      if (turn === this.#turn) this.report = report;
      else if (isNew) await this.compare();
    } catch (error) {
      if (turn === this.#turn) this.rulesProblem = problemOf(error);
    }
  }

  /** Of several at a time the last one counts. */
  async #watch(
    watched: Watched,
    { byTable = false, sha256 = null }: { byTable?: boolean; sha256?: string | null } = {},
  ): Promise<void> {
    this.#coming?.cancel.abort();
    const coming = { watched, sha256, cancel: new AbortController() };
    this.#coming = coming;
    this.opening = true;
    this.problem = null;
    try {
      if (this.usualRules.length === 0) this.usualRules = await call('defaultRules', null);
      const { signal } = coming.cancel;
      const { facts, before } = await call('watch', { watched, byTable }, { signal });
      // Answers come in the order in which the worker went over to them.
      this.#become(watched, facts, before);
    } catch (error) {
      if (this.#coming === coming && !wasCancelled(error)) this.problem = problemOf(error);
    } finally {
      if (this.#coming === coming) {
        this.#coming = undefined;
        this.opening = false;
      }
    }
  }

  /** What was seen by the model before is no profile of this one. */
  #become(watched: Watched, facts: WatchedFacts, before: SeenPlace[]): void {
    this.#asked = watched;
    this.watched = facts;
    this.report = null;
    this.column = null;
    this.places.fill(
      before.map(({ name, seen }) => ({ name, found: seen, ...(seen.kind === 'service' && { token: '' }) })),
    );
    void this.compare();
  }

  /** Profiles are small; the rows themselves are not kept. */
  #keep(): void {
    if (!this.followsCurrent || this.watched?.reference !== 'model') return;
    const { sha256 } = this.watched;
    const places = this.seen.map(({ name, seen }) => ({ name, seen }));
    void call('keepSeen', { sha256, places }).catch(() => {});
  }
}

/** Counts the rows of a file, or asks a service what it has counted. */
function lookAt(
  { name, file, token }: Source<Seen>,
  signal: AbortSignal,
  report: (share: number | undefined) => void,
): Promise<Seen> {
  if (!file) return call('lookAtService', { url: name, token: token ?? '' }, { signal });
  const onProgress = ({ phase, done, total }: Progress) =>
    report(phase === 'read' && total > 0 ? done / total : undefined);
  return call('lookAtFile', { name, source: file }, { signal, onProgress });
}

export const monitor = new MonitorState();
