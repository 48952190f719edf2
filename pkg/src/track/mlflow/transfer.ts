/** Drives a push or a pull: the workspace's owner says what is next, and this thread does it. */
import { whyBlocked } from '#track';
import { Client, Late, Lost, type ServerOptions } from '../../http.js';
import type {
  Came,
  HttpRequest,
  Next,
  Progress,
  TransferReply,
  TransferRequest,
  TransferResult,
  TransferTask,
} from '../hedgerow_track.js';

/** How far a push or a pull is. */
export interface TransferProgress extends Progress {
  /** Seconds after which a server that is busy, or does not answer, is asked again. */
  wait?: number;
}

/** How a push or a pull goes on. */
export interface TransferOptions extends ServerOptions {
  /** Called with every request. */
  onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** Asks the owner of the workspace. Bytes go beside what is asked, and come beside the reply. */
export type AskTransfer = (
  request: TransferRequest,
  bytes: Uint8Array,
) => Promise<[TransferReply, Uint8Array]>;

/** What came, and the bytes that go beside it. */
type Arrived = [Came, Uint8Array];

const none = new Uint8Array();

/** Does all of a task; where the owner ends in the middle, the next one goes on with it. */
export async function transfer(
  ask: AskTransfer,
  url: string,
  task: TransferTask,
  options: TransferOptions,
): Promise<TransferResult> {
  const { signal, onProgress } = options;
  const does = doer(new Client(url, options), signal);
  const id = crypto.randomUUID();
  let turn = 0;
  let result: TransferResult | undefined;
  let [came, bytes]: Arrived = ['nothing', none];
  try {
    for (; ; turn++) {
      signal?.throwIfAborted();
      const asked = ask({ id, turn, task, result, came }, bytes);
      const [reply, beside] = await orAborted(asked, signal);
      const { next, progress } = reply;
      result = reply.result;
      onProgress?.(next.do === 'wait' ? { ...progress, wait: next.seconds } : progress);
      if (next.do === 'done') return result as TransferResult;
      [came, bytes] = await does(next, beside);
    }
  } catch (error) {
    // Nobody waits for that to be heard.
    ask({ id, turn, task, result, came: 'end' }, none).catch(() => {});
    throw error;
  }
}

type Undone = Exclude<Next, { do: 'done' }>;

function doer(client: Client, signal: AbortSignal | undefined) {
  let isAnswered = false;

  async function send(request: HttpRequest, body: Uint8Array): Promise<Arrived> {
    try {
      const [answer, bytes] = await client.send(request, body);
      isAnswered = true;
      return [{ answer }, bytes];
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      // What was let through, now or before, is not blocked.
      const isLetThrough = isAnswered || error instanceof Late;
      const blocked = isLetThrough ? undefined : await whyBlocked(client.base, signal);
      if (blocked) throw blocked;
      return [{ lost: error.message }, none];
    }
  }

  return async (next: Undone, bytes: Uint8Array): Promise<Arrived> => {
    if (next.do === 'send') return send(next, bytes);
    if (next.do === 'export') return exported(next.sha256, bytes);
    await pause(next.seconds, signal);
    return ['nothing', none];
  };
}

/** The ONNX file of a model file. What makes it is loaded with the first one. */
async function exported(sha256: string, file: Uint8Array): Promise<Arrived> {
  const { onnxOf } = await import('../../export.js');
  const [onnx, exported] = (await onnxOf(file)) ?? [none, undefined];
  return [{ exported: { sha256, exported } }, onnx];
}

/** What comes first: what is waited for, or the signal. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits, but for no longer than until the signal. */
function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal?.addEventListener('abort', done);
  });
}
