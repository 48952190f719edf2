/** Browsers, and bundlers for them. */
import type { Thread } from '../thread.js';
import { webThread } from '../thread.js';

const wasm = new URL('../wasm/hedgerow_bg.wasm', import.meta.url);

/** The compiled WebAssembly. */
export async function loadModule(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(wasm));
  } catch {
    // A server that sends another type than application/wasm.
    return WebAssembly.compile(await loadBytes());
  }
}

/** The WebAssembly file. */
export async function loadBytes(): Promise<ArrayBuffer> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${wasm} cannot be loaded: ${response.status}`);
  return response.arrayBuffer();
}

/** Starts a worker. */
export function spawn(): Thread {
  return webThread(new Worker(new URL('../worker.js', import.meta.url), { type: 'module' }));
}

/** Threads that can run at once. */
export function concurrency(): number {
  return navigator.hardwareConcurrency || 2;
}
