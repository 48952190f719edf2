/** The worker: takes calls, answers them. What the calls do is in the files beside this one. */

import type { Args, CallName, ToPage, ToWorker } from './calls.ts';
import { type Context, handlers } from './handlers.ts';
import type { Problem } from './protocol.ts';
import { throttled } from './throttle.ts';

const running = new Map<number, AbortController>();

function post(message: ToPage): void {
  self.postMessage(message);
}

function problemOf(error: unknown, cancelled: boolean): Problem {
  if (cancelled) return { code: 'cancelled', message: 'Cancelled.', details: {} };
  const known = error as Partial<Problem> & { message?: string };
  return {
    code: known.code ?? 'unexpected',
    message: known.message ?? String(error),
    details: { ...known.details },
  };
}

async function answer<Name extends CallName>(id: number, name: Name, args: Args<Name>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const context: Context = {
    signal: controller.signal,
    progress: throttled((progress) => post({ type: 'progress', id, progress })),
  };
  try {
    post({ type: 'answer', id, value: await handlers[name](args, context) });
  } catch (error) {
    post({ type: 'problem', id, problem: problemOf(error, controller.signal.aborted) });
  } finally {
    running.delete(id);
  }
}

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else void answer(message.id, message.name, message.args);
};
