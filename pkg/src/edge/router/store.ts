/** Where what all workers of a router counted comes together, and which variants are killed. */
import type { Backing } from '../recording/backing.js';
import { Queue } from '../recording/queue.js';
import { Told } from '../recording/told.js';
import type { Numbered } from '../telling.js';
import { addAll, type Figures } from './figures.js';
import type { Outcome } from './options.js';
import { judged } from './predictions.js';
import { type Kept, Requests } from './requests.js';
import { type Arm, Units } from './units.js';

/** What a worker counted since it last told. */
export interface Counts {
  figures: Figures;
  /** Units that were answered, and their variants by index. */
  units: readonly (readonly [id: string, variant: number])[];
  /** Requests whose outcomes may come. */
  kept: readonly Kept[];
}

/** What came of a row that was predicted. */
export interface Result {
  /** The request's. */
  id: string;
  /** From 0. */
  row: number;
  /** What was true of it. */
  label?: unknown;
  /** What it led to: yes or no, or a number. */
  outcome?: unknown;
}

/** What became of a result. */
export type Fate = 'counted' | 'unknown_id' | 'unknown_row' | 'repeated_label' | 'bad_label' | 'no_outcome';

/** Why a variant is killed. */
export type Cause = 'request' | 'errors';

/** What is known of all workers. */
export interface Summary {
  figures: Figures;
  /** In the order of variants. */
  arms: readonly Arm[];
  /** The share of units that the arms are of. */
  share: number;
  /** Requests that wait for results. */
  waiting: number;
}

/** Where it is kept which variants are killed. */
export interface KillStore {
  killed(): Promise<Readonly<Record<string, Cause>>>;
  /** Kills variants, or brings them back where there is no cause. */
  kill(names: readonly string[], cause?: Cause): Promise<void>;
}

/** Where workers tell what they counted. What it answered is kept, whatever happens to who asked. */
export interface RouterStore extends KillStore {
  /** Adds counts. The same delta twice counts once. */
  add(delta: Counts & Numbered): Promise<void>;
  /** Which variant answered each request, where that is known. */
  answerers(ids: readonly string[]): Promise<(string | undefined)[]>;
  /** Joins results with requests; what became of each. */
  join(results: readonly Result[]): Promise<Fate[]>;
  summary(): Promise<Summary>;
}

/** What a store can be told. */
export interface StoreOptions {
  outcome?: Outcome | undefined;
  /** Requests that wait for results at most. Default 10,000. */
  waiting?: number | undefined;
  /** Units that are counted at most. Default 65,536. */
  units?: number | undefined;
}

/** Larger outcomes are a mistake, and their squares would leave no digit for others. */
const LARGEST = 1e12;

type Changed = Map<string, Uint8Array | undefined>;

export class Store implements RouterStore {
  readonly #backing: Backing;
  readonly #variants: number;
  readonly #outcome: Outcome;
  readonly #units: Units;
  readonly #requests: Requests;
  readonly #told: Told;
  readonly #queue = new Queue();
  #arms: readonly Arm[] | undefined;

  /** Of so many variants. */
  constructor(backing: Backing, variants: number, { outcome = 'right', waiting, units }: StoreOptions = {}) {
    this.#backing = backing;
    this.#variants = variants;
    this.#outcome = outcome;
    this.#units = new Units(backing, units);
    this.#requests = new Requests(backing, waiting);
    this.#told = new Told(backing);
  }

  add(delta: Counts & Numbered): Promise<void> {
    const { figures, units, kept } = delta;
    return this.#queue.alone(async () => {
      if (this.#told.has(delta)) return;
      const sums = this.#json<Figures>('figures') ?? {};
      addAll(sums, figures);
      const known = units.filter(([, variant]) => variant < this.#variants);
      const changes = new Map([...this.#units.expose(known), ...this.#requests.keep(kept)]);
      changes.set('figures', bytesOf(sums));
      this.#told.remember(changes, delta);
      await this.#commit(changes);
    });
  }

  async answerers(ids: readonly string[]): Promise<(string | undefined)[]> {
    return ids.map((id) => this.#requests.find(id)?.variant);
  }

  join(results: readonly Result[]): Promise<Fate[]> {
    return this.#queue.alone(async () => {
      const requests = new Map<string, Kept>();
      const changes: Changed = new Map();
      const fates = results.map((result) => this.#joined(result, requests, changes));
      for (const kept of requests.values()) changes.set(...this.#requests.change(kept));
      await this.#commit(changes);
      return fates;
    });
  }

  async killed(): Promise<Readonly<Record<string, Cause>>> {
    return this.#json('killed') ?? {};
  }

  kill(names: readonly string[], cause?: Cause): Promise<void> {
    return this.#queue.alone(async () => {
      const killed = { ...(await this.killed()) } as Record<string, Cause>;
      for (const name of names) {
        if (cause) killed[name] ??= cause;
        else delete killed[name];
      }
      await this.#commit(new Map([['killed', bytesOf(killed)]]));
    });
  }

  async summary(): Promise<Summary> {
    this.#arms ??= this.#units.arms(this.#variants, this.#outcome);
    return {
      figures: this.#json('figures') ?? {},
      arms: this.#arms,
      share: this.#units.share,
      waiting: this.#requests.size,
    };
  }

  #joined({ id, row, label, outcome }: Result, requests: Map<string, Kept>, changes: Changed): Fate {
    const kept = requests.get(id) ?? this.#requests.find(id);
    if (!kept) return 'unknown_id';
    if (row >= kept.rows) return 'unknown_row';
    if (kept.done?.includes(row)) return 'repeated_label';
    if (this.#outcome !== 'right' && outcome === undefined) return 'no_outcome';
    if (this.#outcome === 'right' && !kept.predictions) return 'no_outcome';
    const value =
      this.#outcome === 'right' ? judged(kept.predictions?.[row], label) : outcomeOf(outcome, this.#outcome);
    if (value === undefined || !(Math.abs(value) <= LARGEST)) return 'bad_label';
    requests.set(id, { ...kept, done: [...(kept.done ?? []), row] });
    if (kept.unit !== undefined) this.#units.add(kept.unit, value, changes);
    return 'counted';
  }

  async #commit(changes: Changed): Promise<void> {
    await this.#backing.commit(changes);
    this.#units.commit(changes);
    this.#requests.commit(changes);
    this.#arms = undefined;
  }

  #json<T>(key: string): T | undefined {
    const bytes = this.#backing.get(key);
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  }
}

function outcomeOf(outcome: unknown, kind: Outcome): number | undefined {
  if (typeof outcome === 'boolean') return Number(outcome);
  if (typeof outcome !== 'number' || !Number.isFinite(outcome)) return undefined;
  return kind === 'any' ? Number(outcome > 0) : outcome;
}

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
