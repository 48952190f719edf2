/**
 * Runs the script that a worker was started for, with its memory told before every message. Not a module,
 * so that a worker that needs none does not pay for loading one.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { runInThisContext } = require('node:vm');
const { parentPort } = require('node:worker_threads');

runInThisContext(readFileSync(join(__dirname, 'instances.js'), 'utf8'));
const post = parentPort.postMessage.bind(parentPort);
let sent = 0;
parentPort.postMessage = (...message) => {
  const wasmBytes = globalThis.wasmBytes();
  if (wasmBytes !== sent) post({ wasmBytes });
  sent = wasmBytes;
  post(...message);
};
const script = process.argv[2];
if (script.endsWith('.cjs')) require(fileURLToPath(script));
else import(script);
