/** This thread's WebAssembly, ready when this module is. */
import { loadModule } from '#platform';
import init from './wasm/hedgerow.js';

/** The compiled WebAssembly, for workers to make instances of. */
export const wasmModule = await loadModule('training');
await init({ module_or_path: wasmModule });
