/** The worker that owns a workspace, or waits for its turn. No top-level `await`: bundlers make classic scripts of it. */
import { own } from './owner.js';
import type { Notice, Start } from './protocol.js';

interface Scope {
  onmessage: ((event: MessageEvent<Start | WebAssembly.Module>) => void) | null;
  postMessage(message: Notice): void;
  close(): void;
}

const scope = globalThis as unknown as Scope;
let arrived: (module: WebAssembly.Module) => void = () => {};
const module = new Promise<WebAssembly.Module>((resolve) => {
  arrived = resolve;
});

scope.onmessage = ({ data }) => {
  if (data instanceof WebAssembly.Module) arrived(data);
  else void own(data.name, needed, stopped);
};

function needed(): Promise<WebAssembly.Module> {
  scope.postMessage('module');
  return module;
}

/** WebAssembly that stopped cannot go on: the next in line does. */
function stopped(): void {
  scope.postMessage('stopped');
  scope.close();
}
