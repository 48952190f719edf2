/** Hands out the steps of a fit, in runs that take a worker a while, whoever asks first. */
export class Steps {
  #next = 0;
  readonly #total: number;

  constructor(total: number) {
    this.#total = total;
  }

  /** No more are needed. */
  end(): void {
    this.#next = this.#total;
  }

  /** Calls `run` with runs of steps, one after another, until none is left. */
  async each(run: (from: number, n: number) => Promise<void>): Promise<void> {
    let size = 1;
    for (;;) {
      // The last steps go one by one, so that all workers end at about the same time.
      const n = Math.min(size, Math.ceil((this.#total - this.#next) / 8));
      if (n <= 0) return;
      const from = this.#next;
      this.#next += n;
      const begun = performance.now();
      await run(from, n);
      if (performance.now() - begun < 20) size = Math.min(size * 2, 16);
    }
  }
}
