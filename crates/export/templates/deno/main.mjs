// {{name}} as an HTTP service, on Deno: deno run --allow-net --allow-env --allow-read=.{{allow}} main.mjs
{{recording}}
import * as fs from 'node:fs/promises';
import process from 'node:process';
{{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
{{recording}}
import { recordToFile } from './recording.mjs';
{{end}}

const { HOST = '127.0.0.1', PORT = '8000' } = Deno.env.toObject();
const compile = async (name) => WebAssembly.compile(await Deno.readFile(new URL(name, import.meta.url)));
const scorer = Scorer.from(await compile('./model.wasm'));
{{recording}}
const recorder = await compile('./recorder.wasm');
const recording = await recordToFile(recorder, scorer.description, Deno.env.toObject(), { fs, process });
{{end}}

{{recording}}
const server = Deno.serve(
{{end}}
{{no recording}}
Deno.serve(
{{end}}
  {
    hostname: HOST,
    port: Number(PORT),
    onListen: ({ port }) => console.log(`{{name}} on http://${HOST}:${port}`),
  },
{{recording}}
  createHandler(scorer, { ...optionsFrom(Deno.env.toObject()), recording }),
{{end}}
{{no recording}}
  createHandler(scorer, optionsFrom(Deno.env.toObject())),
{{end}}
);
{{recording}}
// What was counted since it was last written.
const stop = () => server.shutdown().then(() => recording?.flush()).finally(() => Deno.exit());
for (const signal of ['SIGINT', 'SIGTERM']) Deno.addSignalListener(signal, stop);
{{end}}
