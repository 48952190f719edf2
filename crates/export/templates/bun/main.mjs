// {{name}} as an HTTP service, on Bun: bun main.mjs
// {{recording}}
import * as fs from 'node:fs/promises';
// {{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
// {{recording}}
import { recordToFile } from './recording.mjs';

// {{end}}

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
const bytesOf = (name) => Bun.file(new URL(name, import.meta.url)).arrayBuffer();
const scorer = Scorer.from(await WebAssembly.compile(await bytesOf('./model.wasm')));
const options = optionsFrom(process.env);
// {{recording}}
const recorder = await WebAssembly.compile(await bytesOf('./recorder.wasm'));
options.recording = await recordToFile(recorder, scorer.description, process.env, { fs, process });
// {{end}}
const handle = createHandler(scorer, options);

const server = Bun.serve({ hostname: HOST, port: Number(PORT), fetch: (request) => handle(request) });
console.log(`{{name}} on http://${HOST}:${server.port}`);

async function stop() {
  await server.stop();
  // {{recording}}
  // What was counted since it was last written.
  await options.recording?.close().catch(() => undefined);
  // {{end}}
  process.exit();
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
