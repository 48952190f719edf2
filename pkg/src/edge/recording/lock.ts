/** Whose a log is: each process that wants it has a file beside it, and whoever finds no other's has the log. */
import { HedgerowError } from '../../error.js';
import type { Files, Process } from './file.js';

/** The locks that this process has: a file of its number may also be left by one of before, as where all are 1. */
const own = new Set<string>();

/** Tries, for two that come at once see each other and both step back, and milliseconds between them at most. */
const TRIES = 5;
const PAUSE = 50;

export class Lock {
  readonly #fs: Files;
  readonly #process: Process;
  readonly #folder: string;
  readonly #name: string;

  constructor(fs: Files, process: Process, folder: string, name: string) {
    this.#fs = fs;
    this.#process = process;
    this.#folder = folder;
    this.#name = name;
  }

  /** @throws {HedgerowError} `recording_locked` where another has it, and whatever `fs` throws. */
  async take(): Promise<void> {
    const path = this.#pathOf(this.#process.pid);
    if (own.has(path)) throw this.#locked();
    own.add(path);
    try {
      await this.#try(path, TRIES);
    } catch (error) {
      own.delete(path);
      throw error;
    }
  }

  async release(): Promise<void> {
    const path = this.#pathOf(this.#process.pid);
    await this.#fs.unlink(path).catch(() => undefined);
    own.delete(path);
  }

  /** The own file is there before one looks for others: so of two at least one sees the other. */
  async #try(path: string, tries: number): Promise<void> {
    await this.#fs.open(path, 'w').then((file) => file.close());
    const others = (await this.#pids()).filter((pid) => pid !== this.#process.pid);
    const alive = others.filter((pid) => this.#isAlive(pid));
    if (alive.length === 0) {
      // Who died left them.
      for (const pid of others) await this.#fs.unlink(this.#pathOf(pid)).catch(() => undefined);
      return;
    }
    await this.#fs.unlink(path);
    if (tries === 1) throw this.#locked();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE));
    await this.#try(path, tries - 1);
  }

  /** The processes that have a file here. */
  async #pids(): Promise<number[]> {
    const [before, behind] = [`${this.#name}.`, '.lock'];
    const names = (await this.#fs.readdir(this.#folder)).filter(
      (name) => name.startsWith(before) && name.endsWith(behind),
    );
    return names.map((name) => Number(name.slice(before.length, -behind.length))).filter((pid) => pid > 0);
  }

  #isAlive(pid: number): boolean {
    try {
      this.#process.kill(pid, 0);
      return true;
    } catch (error) {
      // One of another user lives, too.
      return (error as { code?: string }).code === 'EPERM';
    }
  }

  #pathOf(pid: number): string {
    return `${this.#folder}/${this.#name}.${pid}.lock`;
  }

  #locked(): HedgerowError {
    const message = `${this.#folder}/${this.#name}.log is of another that is running. Give each a folder of its own (HEDGEROW_RECORDING_FOLDER).`;
    return new HedgerowError(message, 'recording_locked');
  }
}
