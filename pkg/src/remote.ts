/** The other end of the protocol: an engine that runs in a worker. */
import { concurrency, loadBytes, spawn } from '#platform';
import { HedgerowError } from './error.js';
import type { Answer, Arguments, EngineName, Operation, Reply, Started } from './protocol.js';
import type { Thread } from './thread.js';

interface Pending {
  resolve(answer: unknown): void;
  reject(reason: unknown): void;
  progress?: (progress: unknown) => void;
}

/** How a call is made. */
export interface CallOptions<P> {
  /** Buffers among the arguments to move instead of copy. */
  transfer?: Transferable[];
  onProgress?: (progress: P) => void;
}

/** What a worker becomes: which engine, and its WebAssembly. */
export interface Kit<E extends EngineName> {
  engine: E;
  module: WebAssembly.Module;
}

/** An engine in a worker of its own. */
export class Remote<E extends EngineName = 'training'> {
  readonly #thread: Thread;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: { reason: unknown } | undefined;

  private constructor(thread: Thread) {
    this.#thread = thread;
    thread.listen(
      (message) => this.#receive(message as Reply | Started),
      (reason) => this.end(crashed(reason)),
    );
  }

  /** Starts a worker and gives it the WebAssembly. `opened` has it before it is ready, to end it. */
  static async open<E extends EngineName>(
    { engine, module }: Kit<E>,
    opened: (remote: Remote<E>) => void,
  ): Promise<Remote<E>> {
    const remote = new Remote<E>(started());
    opened(remote);
    if (!(await remote.#start(engine, module))) await remote.#start(engine, await loadBytes(engine));
    return remote;
  }

  /** Says whether the worker got what it was sent: not every runtime can send a compiled module. */
  #start(start: EngineName, wasm: WebAssembly.Module | ArrayBuffer): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#ended) reject(this.#ended.reason);
      this.#pending.set(0, { resolve: (started) => resolve(started === true), reject });
      try {
        this.#thread.post({ start, wasm }, []);
      } catch {
        resolve(false);
      }
    });
  }

  /** Runs an operation in the worker. */
  call<O extends Operation<E>, P = never>(
    operation: O,
    args: Arguments<E, O>,
    { transfer = [], onProgress }: CallOptions<P> = {},
  ): Promise<Answer<E, O>> {
    if (this.#ended) return Promise.reject(this.#ended.reason);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {
        resolve: resolve as (answer: unknown) => void,
        reject,
        progress: onProgress as (progress: unknown) => void,
      });
      this.#thread.post({ id, operation, args }, transfer);
    });
  }

  /** Ends the worker at once; what it was doing rejects with `reason`. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    this.#thread.terminate();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #receive(message: Reply | Started): void {
    const id = 'started' in message ? 0 : message.id;
    const pending = this.#pending.get(id);
    if (!pending) return;
    if ('progress' in message) {
      try {
        pending.progress?.(message.progress);
      } catch (error) {
        this.#pending.delete(id);
        pending.reject(error);
      }
      return;
    }
    this.#pending.delete(id);
    if ('started' in message) pending.resolve(message.started);
    else if ('answer' in message) pending.resolve(message.answer);
    else {
      const { message: text, code, details } = message.error;
      pending.reject(new HedgerowError(text, code, details));
    }
  }
}

/** A worker, where there can be one. */
function started(): Thread {
  try {
    return spawn();
  } catch (error) {
    throw crashed(error instanceof Error ? error.message : String(error));
  }
}

function crashed(reason: string): HedgerowError {
  return new HedgerowError(
    `a worker stopped: ${reason}. Try again; if it was for want of memory, use less data or fewer workers. Where workers are not allowed, pass workers: 0.`,
    'worker_crashed',
  );
}

/** How many workers an option asks for; `work` is a rough count of cells to go through. */
export function workerCount(workers: number | 'auto' | undefined, work: number): number {
  if (typeof workers === 'number') {
    if (Number.isInteger(workers) && workers >= 0 && workers <= 64) return workers;
  } else if (workers === undefined || workers === 'auto') {
    // Starting a worker costs more than a tiny table takes.
    return Math.max(1, Math.min(concurrency(), 8, Math.ceil(work / 20_000)));
  }
  throw new HedgerowError(
    `the option workers is ${String(workers)}, but must be 'auto' or a whole number from 0 to 64. Change it, or leave it out.`,
    'bad_option',
    { value: String(workers) },
  );
}
