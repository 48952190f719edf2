// {{name}}: a champion and a challenger as one HTTP service, on Node 20 or later, Bun and Deno.
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
{{recording}}
import { recordToFile } from './recording.mjs';
{{end}}
import { routeWithFile } from './router.mjs';

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
{{recording}}
const folder = process.env.HEDGEROW_RECORDING_FOLDER || 'recorded';
{{end}}
const compile = async (name) => WebAssembly.compile(await fs.readFile(new URL(name, import.meta.url)));
// The router asks for the token. A row may have the columns of both.
const { maxBytes, maxRows, extraFields = 'ignore', missingFields } = optionsFrom(process.env);
{{recording}}
const recordings = [];
{{end}}

/** One of the models. */
async function variant(name, weight, control = false) {
  const scorer = Scorer.from(await compile(`./${name}/model.wasm`));
{{recording}}
  const recorder = await compile(`./${name}/recorder.wasm`);
  // Each has a folder of its own: both may be the same model, as where a router is tried out.
  const environment = { ...process.env, HEDGEROW_RECORDING_FOLDER: `${folder}/${name}` };
  const recording = await recordToFile(recorder, scorer.description, environment, { fs, process });
  if (recording) recordings.push(recording);
{{end}}
{{no recording}}
  const recording = undefined;
{{end}}
  const to = createHandler(scorer, { maxBytes, maxRows, extraFields, missingFields, recording });
  return { name, weight, control, to };
}

const variants = [await variant('champion', {{champion weight}}, true), await variant('challenger', {{challenger weight}})];
const router = await routeWithFile(variants, '{{experiment}}', process.env, { fs, process });

// {{requests}}

async function answer(incoming, outgoing) {
  const response = await router.handle(toRequest(incoming));
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.end(Buffer.from(await response.arrayBuffer()));
  // What is left of a body that was refused is thrown away: who still sends it reads no answer yet.
  incoming.resume();
}

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => outgoing.writeHead(400).end());
});
server.listen(Number(PORT), HOST, () => {
  console.log(`{{name}} on http://${HOST}:${server.address().port}`);
});
// What was counted since it was last written.
{{recording}}
const counts = [router, ...recordings];
{{end}}
{{no recording}}
const counts = [router];
{{end}}
server.on('close', () => counts.forEach((one) => one.close().catch(() => undefined)));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
