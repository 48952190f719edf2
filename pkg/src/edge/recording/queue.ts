/** One after the other: what is read is still so when it is changed. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does something once all before it is done. */
  alone<T>(make: () => Promise<T>): Promise<T> {
    const made = this.#last.then(make);
    this.#last = made.catch(() => undefined);
    return made;
  }
}
