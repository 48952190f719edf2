/**
 * A lock file: who makes it has the lock, who removes it gives it back. It holds who that is, as JSON, so
 * that the lock of a process that died is known for one.
 */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { HedgerowError } from '../../error.js';
import type { Lock } from '../local.js';

/** Milliseconds that another process is waited for. */
const PATIENCE = 10_000;

/** Milliseconds after which who made the file is taken to have died before writing into it. */
const UNWRITTEN = 2_000;

interface Holder {
  pid: number;
  host: string;
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but is there.
    return codeOf(error) !== 'ESRCH';
  }
}

/** The lock of a file is the file of its name and `.lock`. */
export class FileLock implements Lock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = `${path}.lock`;
  }

  async take(): Promise<void> {
    const until = Date.now() + PATIENCE;
    for (let pause = 1; !this.#make(); pause = Math.min(2 * pause, 50)) {
      this.#removeIfStale();
      if (Date.now() > until) throw this.#busy();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  release(): void {
    unlinkSync(this.#path);
  }

  #make(): boolean {
    const holder = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder);
    try {
      writeNew(this.#path, holder);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw notWritten(this.#path, error);
    }
  }

  #removeIfStale(): void {
    if (!isStale(this.#path)) return;
    const away = `${this.#path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      renameSync(this.#path, away);
    } catch {
      // Another was quicker.
      return;
    }
    try {
      // Another may have been quicker yet, and this be the lock that it took.
      if (!isStale(away)) linkSync(away, this.#path);
    } finally {
      unlinkSync(away);
    }
  }

  #busy(): HedgerowError {
    const holder = holderOf(this.#path);
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
    return new HedgerowError(
      `${who} is writing to the workspace. Try again when it is done; if there is no such process, remove ${this.#path}.`,
      'workspace_busy',
    );
  }
}

/** Makes a file that is not there; where there is no room for the text, there is none after it either. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeSync(file, text);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function isStale(path: string): boolean {
  const holder = holderOf(path);
  if (holder) return holder.host === hostname() && !isAlive(holder.pid);
  try {
    return Date.now() - statSync(path).mtimeMs > UNWRITTEN;
  } catch {
    return false;
  }
}

function holderOf(path: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function notWritten(path: string, cause: unknown): HedgerowError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(cause) ?? '');
  const [code, remedy] = isFull
    ? ['workspace_full', ' Free some space, then try again.']
    : ['workspace_storage', ''];
  return new HedgerowError(`${path} cannot be written: ${reason}.${remedy}`, code, {}, { cause });
}
