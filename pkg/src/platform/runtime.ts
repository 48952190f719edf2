/** Deno and Bun: web workers, and files read through `node:fs`. */
import { readFile } from 'node:fs/promises';
import type { Thread } from '../thread.js';
import { webThread } from '../thread.js';
import type { PackageFile } from './browser.js';

export type { PackageFile };

const paths: Record<PackageFile, string> = {
  training: '../wasm/hedgerow_bg.wasm',
  export: '../export/hedgerow_export_bg.wasm',
  monitor: '../monitor/hedgerow_monitor_bg.wasm',
  track: '../track/hedgerow_track_bg.wasm',
  scorer: '../edge/scorer.wasm',
  filter: '../edge/filter.wasm',
  recorder: '../edge/recorder.wasm',
  handler: '../edge/handler.txt',
  recording: '../edge/recording.txt',
  router: '../edge/router.txt',
};

/** A compiled module. */
export async function loadModule(file: PackageFile): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await loadBytes(file));
}

/** A file's content. */
export async function loadBytes(file: PackageFile): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await readFile(new URL(paths[file], import.meta.url));
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
