import type { Answer, Args, CallName, ToPage, ToWorker } from './calls.ts';
import type { Problem, Progress } from './protocol.ts';

/** A problem that the worker reported. */
export class CallError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'CallError';
    this.problem = problem;
  }
}

/** Of what was ended before it began. */
const CANCELLED: Problem = { code: 'cancelled', message: 'Cancelled.', details: {} };

/** Any caught value as a problem that can be shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof CallError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message, details: {} };
}

/** Whether a call ended because it was cancelled. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof CallError && error.problem.code === 'cancelled';
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: CallError): void;
  onProgress?: ((progress: Progress) => void) | undefined;
}

interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

/** The worker starts with the first call: until then neither it nor WebAssembly is loaded. */
function running(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL('./main.ts', import.meta.url), { type: 'module', name: 'hedgerow' });
  worker.onmessage = (event: MessageEvent<ToPage>) => receive(event.data);
  worker.onerror = (event) => fail(event.message);
  return worker;
}

function receive(message: ToPage): void {
  const call = waiting.get(message.id);
  if (!call) return;
  if (message.type !== 'progress') waiting.delete(message.id);
  if (message.type === 'progress') call.onProgress?.(message.progress);
  else if (message.type === 'answer') call.resolve(message.value);
  else call.reject(new CallError(message.problem));
}

/** A worker that cannot go on is dropped; the next call starts a new one. */
function fail(reason: string): void {
  const message = `The page's worker stopped (${reason}). Reload the page; your data is kept.`;
  for (const call of waiting.values()) {
    call.reject(new CallError({ code: 'worker_stopped', message, details: {} }));
  }
  waiting.clear();
  worker?.terminate();
  worker = undefined;
}

function send(message: ToWorker): void {
  running().postMessage(message);
}

/** Calls the worker. Rejects with a `CallError`. */
export function call<Name extends CallName>(
  name: Name,
  args: Args<Name>,
  options: CallOptions = {},
): Promise<Answer<Name>> {
  const { signal, onProgress } = options;
  if (signal?.aborted) return Promise.reject(new CallError(CANCELLED));
  lastId += 1;
  const id = lastId;
  return new Promise<Answer<Name>>((resolve, reject) => {
    waiting.set(id, { resolve: (value) => resolve(value as Answer<Name>), reject, onProgress });
    signal?.addEventListener('abort', () => send({ type: 'cancel', id }), { once: true });
    send({ type: 'call', id, name, args });
  });
}
