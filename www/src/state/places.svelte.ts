import * as format from '../lib/format.ts';
import { addressKey } from '../lib/services.ts';
import { problemOf, wasCancelled } from '../worker/client.ts';
import type { Problem } from '../worker/protocol.ts';

/** A file, or something that is asked over the network; and what was found there. */
export interface Source<Found> {
  id: number;
  name: string;
  /** Of what is asked over the network; kept as long as the page, to ask again. */
  token?: string;
  file?: Blob;
  found: Found | null;
  problem: Problem | null;
}

/** What is being looked at: how far, where that is known, and which of how many. */
interface Looking {
  name: string;
  share: number | undefined;
  place: number;
  of: number;
}

/** What places are looked at for. */
interface Purpose<Found> {
  /** Finds out what is there. */
  look(
    source: Source<Found>,
    signal: AbortSignal,
    report: (share: number | undefined) => void,
  ): Promise<Found>;
  /** All that was asked for was looked at, or something was removed. */
  changed(): void;
}

/**
 * Places that something comes from. Whatever is added is looked at, one after the other in that order, since each
 * fills a worker of its own; what is added meanwhile waits.
 */
export class Places<Found> {
  all = $state.raw<Source<Found>[]>([]);
  busy = $state.raw<Looking | null>(null);
  /** What is to be known of what was added last. */
  notice = $state<string | null>(null);

  readonly #purpose: Purpose<Found>;
  #waiting: Source<Found>[] = [];
  #current: { source: Source<Found>; cancel: AbortController } | undefined;
  #working = false;
  #done = 0;
  #lastId = 0;

  constructor(purpose: Purpose<Found>) {
    this.#purpose = purpose;
  }

  addFiles(files: readonly File[]): void {
    this.notice = null;
    this.#look(files.map((file) => this.#source({ name: file.name, file })));
  }

  /** What is connected already is asked again in its place, so that nothing counts twice. */
  connect(urls: readonly string[], token: string): void {
    const known = new Map(this.#asked.map((source) => [addressKey(source.name), source]));
    const asked = urls.map((url) => {
      const same = known.get(addressKey(url));
      return same ? { ...same, token } : this.#source({ name: url, token });
    });
    const again = asked.filter(({ name }) => known.has(addressKey(name)));
    const names = again.map(({ name }) => name);
    const are = names.length === 1 ? 'is' : 'are';
    this.notice =
      names.length > 0
        ? `${format.listed(names)} ${are} connected already: asked again, and counted once.`
        : null;
    this.#forgo(again);
    this.#look(asked);
  }

  /** Asks all services again. */
  askAgain(): void {
    this.again(({ token }) => token !== undefined);
  }

  /** Looks at some places again, also at what is being looked at. */
  again(which: (source: Source<Found>) => boolean): void {
    this.notice = null;
    const waiting = new Set(this.#waiting.map(({ id }) => id));
    const fresh = this.#underWay.filter(({ id }) => !this.#isKnown(id));
    const some = [...this.all, ...fresh].filter((source) => !waiting.has(source.id) && which(source));
    this.#forgo(some);
    this.#look(some);
  }

  remove(id: number): void {
    this.notice = null;
    this.#forgo(this.all.filter((source) => source.id === id));
    this.all = this.all.filter((source) => source.id !== id);
    this.#purpose.changed();
  }

  clear(): void {
    this.fill([]);
    this.#purpose.changed();
  }

  /** Places that were looked at before, in place of all others. */
  fill(places: readonly Pick<Source<Found>, 'name' | 'token' | 'found'>[]): void {
    this.cancel();
    this.notice = null;
    this.all = places.map((place) => this.#source(place));
  }

  /** What was not looked at yet never is. */
  cancel(): void {
    this.#waiting = [];
    this.#current?.cancel.abort();
  }

  /** All that are asked over the network, looked at or not. */
  get #asked(): Source<Found>[] {
    return [...this.#waiting, ...this.#underWay, ...this.all].filter(({ token }) => token !== undefined);
  }

  /** The one that is being looked at, if any is. */
  get #underWay(): Source<Found>[] {
    return this.#current && !this.#current.cancel.signal.aborted ? [this.#current.source] : [];
  }

  #isKnown(id: number): boolean {
    return this.all.some((source) => source.id === id);
  }

  /** Ends what is asked of some places, or waits to be. */
  #forgo(sources: readonly Source<Found>[]): void {
    const ids = new Set(sources.map(({ id }) => id));
    this.#waiting = this.#waiting.filter(({ id }) => !ids.has(id));
    if (this.#current && ids.has(this.#current.source.id)) this.#current.cancel.abort();
  }

  #source(part: Pick<Source<Found>, 'name' | 'file' | 'token'> & Partial<Source<Found>>): Source<Found> {
    this.#lastId += 1;
    return { id: this.#lastId, found: null, problem: null, ...part };
  }

  #look(sources: readonly Source<Found>[]): void {
    this.#waiting.push(...sources);
    if (this.busy) this.busy = { ...this.busy, of: this.#of };
    if (!this.#working) void this.#work();
  }

  get #of(): number {
    return this.#done + 1 + this.#waiting.length;
  }

  async #work(): Promise<void> {
    this.#working = true;
    this.#done = 0;
    for (let source = this.#waiting.shift(); source; source = this.#waiting.shift()) {
      if (await this.#lookAt(source)) this.#done += 1;
    }
    this.#working = false;
    this.busy = null;
    this.#purpose.changed();
  }

  /** Whether it was done to its end. */
  async #lookAt(source: Source<Found>): Promise<boolean> {
    const cancel = new AbortController();
    const { signal } = cancel;
    this.#current = { source, cancel };
    const report = (share: number | undefined) => {
      if (!signal.aborted) this.busy = { name: source.name, share, place: this.#done + 1, of: this.#of };
    };
    report(undefined);
    try {
      const found = await this.#purpose.look(source, signal, report);
      if (!signal.aborted) this.#put({ ...source, found, problem: null });
    } catch (error) {
      if (!signal.aborted && !wasCancelled(error)) {
        // What a service had counted when it was last asked still holds.
        const found = source.token === undefined ? null : source.found;
        this.#put({ ...source, found, problem: problemOf(error) });
      }
    }
    this.#current = undefined;
    return !signal.aborted;
  }

  /** In its place, or at the end. */
  #put(source: Source<Found>): void {
    this.all = this.#isKnown(source.id)
      ? this.all.map((other) => (other.id === source.id ? source : other))
      : [...this.all, source];
  }
}
