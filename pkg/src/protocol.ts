/** What goes between a page (or main thread) and its workers. */
import type { Engine } from './engine.js';
import type { PlainError } from './error.js';

/** An operation of the engine, by name. */
export type Operation = Exclude<keyof Engine, 'report'>;
export type Arguments<O extends Operation> = Engine[O] extends (...args: infer A) => unknown ? A : never;
export type Answer<O extends Operation> = Engine[O] extends (...args: never[]) => infer R
  ? Awaited<R>
  : never;

/** To a worker, before anything else: its WebAssembly, compiled or as bytes. */
export interface Start {
  start: WebAssembly.Module | ArrayBuffer;
}

/** To a worker: run an operation. */
export interface Request {
  id: number;
  operation: Operation;
  args: unknown[];
}

/** From a worker: ready, or the module did not arrive and its bytes are needed. */
export type Started = { started: boolean };

/** From a worker: how an operation ended, or how far it is. */
export type Reply =
  | { id: number; answer: unknown }
  | { id: number; error: PlainError }
  | { id: number; progress: unknown };
