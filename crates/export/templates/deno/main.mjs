// {{name}} as an HTTP service, on Deno: deno run --allow-net --allow-env --allow-read=.{{allow}} main.mjs
// {{recording}}
import * as fs from 'node:fs/promises';
import process from 'node:process';
// {{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
// {{recording}}
import { recordToFile } from './recording.mjs';

// {{end}}

const environment = Deno.env.toObject();
const { HOST = '127.0.0.1', PORT = '8000' } = environment;
const compile = async (name) => WebAssembly.compile(await Deno.readFile(new URL(name, import.meta.url)));
const scorer = Scorer.from(await compile('./model.wasm'));
const options = optionsFrom(environment);
// {{recording}}
const recorder = await compile('./recorder.wasm');
options.recording = await recordToFile(recorder, scorer.description, environment, { fs, process });
// {{end}}

const server = Deno.serve(
  {
    hostname: HOST,
    port: Number(PORT),
    onListen: ({ port }) => console.log(`{{name}} on http://${HOST}:${port}`),
  },
  createHandler(scorer, options),
);

async function stop() {
  await server.shutdown();
  // {{recording}}
  // What was counted since it was last written.
  await options.recording?.close().catch(() => undefined);
  // {{end}}
  Deno.exit();
}
for (const signal of ['SIGINT', 'SIGTERM']) Deno.addSignalListener(signal, stop);
