/** A workspace in this thread: in memory, or in a file. */
import { calling, toHedgerowError } from '../error.js';
import type { Workspace } from './hedgerow_track.js';
import { type Answer, type Asked, closed, type Line, type StorageInfo } from './line.js';
import { handle } from './module.js';

/** Keeps others away while requests are handled. */
export interface Lock {
  take(): Promise<void>;
  release(): void;
}

/** What a workspace of this thread is made of. */
export interface Place {
  client: string;
  open(): Workspace;
  lock: Lock;
  storage(): StorageInfo;
}

interface Job {
  asked: Asked;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/** Handles requests one after the other; the lock is held while there are any. */
export class Local implements Line {
  readonly client: string;
  readonly #place: Place;
  #workspace: Workspace | undefined;
  #jobs: Job[] = [];
  #handling: Promise<void> | undefined;
  #closed = false;

  constructor(place: Place) {
    this.client = place.client;
    this.#place = place;
  }

  ask(asked: Asked): Promise<Answer> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#jobs.push({ asked, resolve, reject });
      this.#handling ??= this.#handleAll();
    });
  }

  async storage(): Promise<StorageInfo> {
    return this.#place.storage();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#handling;
    this.#workspace?.free();
    this.#workspace = undefined;
  }

  async #handleAll(): Promise<void> {
    try {
      await this.#place.lock.take();
      try {
        for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
          this.#handle(job);
          // What waits for this answer may ask on.
          await Promise.resolve();
        }
      } finally {
        this.#place.lock.release();
      }
    } catch (error) {
      for (const { reject } of this.#jobs.splice(0)) reject(toHedgerowError(error));
    } finally {
      this.#handling = undefined;
    }
  }

  #handle({ asked, resolve, reject }: Job): void {
    try {
      this.#workspace ??= calling(() => this.#place.open());
      resolve(handle(this.#workspace, asked));
    } catch (error) {
      reject(error);
    }
  }
}
