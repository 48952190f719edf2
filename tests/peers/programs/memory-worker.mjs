/** Runs the script that a worker was started for, with its memory told before every message. */
import { parentPort } from 'node:worker_threads';
import './instances.js';

const post = parentPort.postMessage.bind(parentPort);
let sent = 0;
parentPort.postMessage = (...message) => {
  const wasmBytes = globalThis.wasmBytes();
  if (wasmBytes !== sent) post({ wasmBytes });
  sent = wasmBytes;
  post(...message);
};
await import(process.argv[2]);
