/** What goes between a page (or main thread) and its workers. */
import type { Engine } from './engine.js';
import type { PlainError } from './error.js';
import type { Watcher } from './monitor/watcher.js';

/** What a worker may be, by the file of its WebAssembly. */
export interface Engines {
  training: Engine;
  monitor: Watcher;
}

export type EngineName = keyof Engines;

/** An operation of an engine, by name. */
export type Operation<E extends EngineName> = Exclude<keyof Engines[E], 'report'>;
export type Arguments<E extends EngineName, O extends Operation<E>> = Engines[E][O] extends (
  ...args: infer A
) => unknown
  ? A
  : never;
export type Answer<E extends EngineName, O extends Operation<E>> = Engines[E][O] extends (
  ...args: never[]
) => infer R
  ? Awaited<R>
  : never;

/** To a worker, before anything else: what it is, and its WebAssembly, compiled or as bytes. */
export interface Start {
  start: EngineName;
  wasm: WebAssembly.Module | ArrayBuffer;
}

/** To a worker: run an operation. */
export interface Request {
  id: number;
  operation: string;
  args: unknown[];
}

/** From a worker: ready, or the module did not arrive and its bytes are needed. */
export type Started = { started: boolean };

/** From a worker: how an operation ended, or how far it is. */
export type Reply =
  | { id: number; answer: unknown }
  | { id: number; error: PlainError }
  | { id: number; progress: unknown };
