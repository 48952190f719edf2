/** The worker of browsers, Deno and Bun. No top-level `await`: bundlers make classic scripts of it. */
import { serve } from './serve.js';

interface Scope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const handle = serve((message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = (event) => handle(event.data);
