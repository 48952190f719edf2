/** Browsers, and bundlers for them. */
import type { Thread } from '../thread.js';
import { webThread } from '../thread.js';

/**
 * The files of the package that are read when they are needed. Bundlers look for exactly this form. The
 * handler is `edge.js` by a name that none of them, nor their servers, takes for a script to be changed.
 */
const files = {
  training: new URL('../wasm/hedgerow_bg.wasm', import.meta.url),
  export: new URL('../export/hedgerow_export_bg.wasm', import.meta.url),
  monitor: new URL('../monitor/hedgerow_monitor_bg.wasm', import.meta.url),
  track: new URL('../track/hedgerow_track_bg.wasm', import.meta.url),
  scorer: new URL('../edge/scorer.wasm', import.meta.url),
  filter: new URL('../edge/filter.wasm', import.meta.url),
  recorder: new URL('../edge/recorder.wasm', import.meta.url),
  handler: new URL('../edge/handler.txt', import.meta.url),
  recording: new URL('../edge/recording.txt', import.meta.url),
  router: new URL('../edge/router.txt', import.meta.url),
};

/** A file of the package. */
export type PackageFile = keyof typeof files;

/** A compiled module. */
export async function loadModule(file: PackageFile): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(files[file]));
  } catch {
    // A server that sends another type than application/wasm.
    return WebAssembly.compile(await loadBytes(file));
  }
}

/** A file's content. */
export async function loadBytes(file: PackageFile): Promise<ArrayBuffer> {
  const response = await fetch(files[file]);
  if (!response.ok) throw new Error(`${files[file]} cannot be loaded: ${response.status}`);
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
