/** Hands out the trees to grow, in runs that take a worker a while, whoever asks first. */
export class Trees {
  #next = 0;
  readonly #total: number;

  constructor(total: number) {
    this.#total = total;
  }

  /** Calls `grow` with runs of trees, one after another, until none is left. */
  async each(grow: (from: number, n: number) => Promise<void>): Promise<void> {
    let size = 1;
    for (;;) {
      // The last trees go one by one, so that all workers end at about the same time.
      const n = Math.min(size, Math.ceil((this.#total - this.#next) / 8));
      if (n <= 0) return;
      const from = this.#next;
      this.#next += n;
      const begun = performance.now();
      await grow(from, n);
      if (performance.now() - begun < 20) size = Math.min(size * 2, 16);
    }
  }
}
