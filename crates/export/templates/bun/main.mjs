// {{name}} as an HTTP service, on Bun: bun main.mjs
{{recording}}
import * as fs from 'node:fs/promises';
{{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
{{recording}}
import { recordToFile } from './recording.mjs';
{{end}}

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
const compile = async (name) => WebAssembly.compile(await Bun.file(new URL(name, import.meta.url)).arrayBuffer());
const scorer = Scorer.from(await compile('./model.wasm'));
{{recording}}
const recorder = await compile('./recorder.wasm');
const recording = await recordToFile(recorder, scorer.description, process.env, { fs, process });
const handle = createHandler(scorer, { ...optionsFrom(process.env), recording });
{{end}}
{{no recording}}
const handle = createHandler(scorer, optionsFrom(process.env));
{{end}}

const server = Bun.serve({
  hostname: HOST,
  port: Number(PORT),
  fetch: (request) => handle(request),
});
{{recording}}
// What was counted since it was last written.
const stop = () => server.stop().then(() => recording?.flush()).finally(() => process.exit());
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
{{end}}
console.log(`{{name}} on http://${HOST}:${server.port}`);
