/** The worker's end of the protocol. */
import { Engine } from './engine.js';
import { HedgerowError, type PlainError, toHedgerowError } from './error.js';
import { initSync as initMonitor } from './monitor/hedgerow_monitor.js';
import { Watcher } from './monitor/watcher.js';
import type { EngineName, Engines, Reply, Request, Start, Started } from './protocol.js';
import { initSync } from './wasm/hedgerow.js';

type Post = (message: Reply | Started, transfer: Transferable[]) => void;

type AnyEngine = Engines[EngineName];

const STARTS: Record<EngineName, (module: WebAssembly.Module) => AnyEngine> = {
  training: (module) => {
    initSync({ module });
    return new Engine();
  },
  monitor: (module) => {
    initMonitor({ module });
    return new Watcher();
  },
};

/** Makes the handler of a worker's messages; `post` sends to whoever started the worker. */
export function serve(post: Post): (message: unknown) => void {
  let engine: AnyEngine | undefined;
  return (message) => {
    if (isStart(message)) {
      engine = start(message);
      post({ started: engine !== undefined }, []);
    } else void answer(engine, message as Request, post);
  };
}

function isStart(message: unknown): message is Start {
  return typeof message === 'object' && message !== null && 'start' in message;
}

/** Undefined where the module did not arrive. */
function start({ start, wasm }: Start): AnyEngine | undefined {
  const module = wasm instanceof ArrayBuffer ? new WebAssembly.Module(wasm) : wasm;
  return module instanceof WebAssembly.Module ? STARTS[start](module) : undefined;
}

async function answer(
  engine: AnyEngine | undefined,
  { id, operation, args }: Request,
  post: Post,
): Promise<void> {
  try {
    if (!engine) throw new HedgerowError('the worker was not started', 'internal_error');
    engine.report = (progress) => post({ id, progress }, []);
    const run = engine[operation as keyof AnyEngine] as (...args: unknown[]) => unknown;
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
