/** The units of an experiment: the variant of each, and its outcomes. */
import type { Backing } from '../recording/backing.js';
import type { Outcome } from './options.js';

/** What is known of a unit. */
interface Known {
  /** By its index. */
  variant: number;
  /** Outcomes, */
  count: number;
  /** and their sum. */
  sum: number;
}

/** A variant's units, as `hedgerow ab compare` takes them. */
export type Arm = { n: number; successes: number } | { n: number; sum: number; sumSquares: number };

/** Changes of what is kept. */
type Changed = Map<string, Uint8Array | undefined>;

const PREFIX = 'unit/';
const LEVEL = 'level';

/**
 * Each unit counts once, in the variant that it was in first. Where there are more than `most`, those whose id begins
 * with a zero bit more are kept (Gibbons 2001): a sample that no assignment or outcome has a part in, so that the
 * arms are those of the experiment with fewer units.
 */
export class Units {
  readonly #backing: Backing;
  readonly #most: number;
  #units: Map<string, Known> | undefined;
  /** Zero bits that an id begins with. */
  #level = 0;

  constructor(backing: Backing, most = 65_536) {
    this.#backing = backing;
    this.#most = most;
  }

  /** The share of all units that are counted. */
  get share(): number {
    this.#known();
    return 2 ** -this.#level;
  }

  /** The changes that count units, each with the index of its variant. */
  expose(exposed: readonly (readonly [id: string, variant: number])[]): Changed {
    const units = this.#known();
    const changed: Changed = new Map();
    for (const [id, variant] of exposed) {
      if (!units.has(id) && isIn(id, this.#level))
        changed.set(PREFIX + id, bytesOf({ variant, count: 0, sum: 0 }));
    }
    return units.size + changed.size > this.#most ? this.#thinned(changed) : changed;
  }

  /** The change that adds an outcome to a unit; none of a unit that is not counted. */
  add(id: string, outcome: number, before: Changed): void {
    const change = before.get(PREFIX + id);
    const known = change ? knownOf(change) : this.#known().get(id);
    if (!known) return;
    before.set(PREFIX + id, bytesOf({ ...known, count: known.count + 1, sum: known.sum + outcome }));
  }

  /** Changes were made. */
  commit(changes: ReadonlyMap<string, Uint8Array | undefined>): void {
    const units = this.#known();
    const level = changes.get(LEVEL);
    if (level) this.#level = level[0] ?? 0;
    for (const [key, value] of changes) {
      if (!key.startsWith(PREFIX)) continue;
      const id = key.slice(PREFIX.length);
      if (value) units.set(id, knownOf(value));
      else units.delete(id);
    }
  }

  /** The arms of so many variants. In the order of ids, so that sums are the same whenever they are made. */
  arms(variants: number, outcome: Outcome): Arm[] {
    const all = [...this.#known()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unit]) => unit);
    return Array.from({ length: variants }, (_, variant) =>
      armOf(
        all.filter((unit) => unit.variant === variant),
        outcome,
      ),
    );
  }

  /** With so many zero bits asked for that few enough are left. */
  #thinned(changed: Changed): Changed {
    const ids = [...this.#known().keys()];
    const more = [...changed.keys()].map((key) => key.slice(PREFIX.length));
    let level = this.#level;
    while ([...ids, ...more].filter((id) => isIn(id, level)).length > this.#most) level += 1;
    for (const id of ids) if (!isIn(id, level)) changed.set(PREFIX + id, undefined);
    for (const id of more) if (!isIn(id, level)) changed.delete(PREFIX + id);
    return changed.set(LEVEL, Uint8Array.of(level));
  }

  #known(): Map<string, Known> {
    if (!this.#units) {
      this.#level = this.#backing.get(LEVEL)?.[0] ?? 0;
      this.#units = new Map();
      for (const key of this.#backing.keys(PREFIX)) {
        const value = this.#backing.get(key);
        if (value) this.#units.set(key.slice(PREFIX.length), knownOf(value));
      }
    }
    return this.#units;
  }
}

/** Whether an id begins with so many zero bits; of 32 at most. */
function isIn(id: string, level: number): boolean {
  return Number.parseInt(id.slice(0, 8), 16) < 2 ** (32 - level);
}

function armOf(units: readonly Known[], outcome: Outcome): Arm {
  if (outcome === 'any') return { n: units.length, successes: units.filter(({ sum }) => sum > 0).length };
  const values =
    outcome === 'sum'
      ? units.map(({ sum }) => sum)
      : units.filter(({ count }) => count > 0).map(({ sum, count }) => sum / count);
  return {
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    sumSquares: values.reduce((sum, value) => sum + value * value, 0),
  };
}

function bytesOf({ variant, count, sum }: Known): Uint8Array {
  return new Uint8Array(Float64Array.of(variant, count, sum).buffer);
}

function knownOf(bytes: Uint8Array): Known {
  const [variant = 0, count = 0, sum = 0] = new Float64Array(bytes.slice().buffer);
  return { variant, count, sum };
}
