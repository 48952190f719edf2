/** Deno and Bun: web workers, and files read through `node:fs`. */
import { readFile } from 'node:fs/promises';
import type { Thread } from '../thread.js';
import { webThread } from '../thread.js';

/** The compiled WebAssembly. */
export async function loadModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await loadBytes());
}

/** The WebAssembly file. */
export async function loadBytes(): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await readFile(
    new URL('../wasm/hedgerow_bg.wasm', import.meta.url),
  );
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

/** Starts a worker. */
export function spawn(): Thread {
  return webThread(new Worker(new URL('../worker.js', import.meta.url), { type: 'module' }));
}

/** Threads that can run at once. */
export function concurrency(): number {
  return navigator.hardwareConcurrency || 2;
}
