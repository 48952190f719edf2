/** The worker's end of the protocol. */
import { Engine } from './engine.js';
import { type PlainError, toHedgerowError } from './error.js';
import type { Reply, Request, Start, Started } from './protocol.js';
import { initSync } from './wasm/hedgerow.js';

type Post = (message: Reply | Started, transfer: Transferable[]) => void;

/** Makes the handler of a worker's messages; `post` sends to whoever started the worker. */
export function serve(post: Post): (message: unknown) => void {
  const engine = new Engine();
  return (message) => {
    if (isStart(message)) post({ started: start(message.start) }, []);
    else void answer(engine, message as Request, post);
  };
}

function isStart(message: unknown): message is Start {
  return typeof message === 'object' && message !== null && 'start' in message;
}

function start(wasm: WebAssembly.Module | ArrayBuffer): boolean {
  const module = wasm instanceof ArrayBuffer ? new WebAssembly.Module(wasm) : wasm;
  if (!(module instanceof WebAssembly.Module)) return false;
  initSync({ module });
  return true;
}

async function answer(engine: Engine, { id, operation, args }: Request, post: Post): Promise<void> {
  try {
    engine.report = (progress) => post({ id, progress }, []);
    const run = engine[operation] as (...args: unknown[]) => unknown;
    const result = await run.apply(engine, args);
    post({ id, answer: result }, buffersOf(result));
  } catch (error) {
    post({ id, error: plain(error) }, []);
  }
}

function plain(thrown: unknown): PlainError {
  const { message, code, details } = toHedgerowError(thrown);
  return { message, code, details };
}

/** The buffers of all byte arrays in an answer: they are moved, not copied. */
function buffersOf(value: unknown): Transferable[] {
  if (value instanceof Uint8Array) return [value.buffer as ArrayBuffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}
