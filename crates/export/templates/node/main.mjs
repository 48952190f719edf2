// {{name}} as an HTTP service, on Node 20 or later: node main.mjs
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
// {{recording}}
import { recordToFile } from './recording.mjs';

// {{end}}

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
const compile = async (name) => WebAssembly.compile(await fs.readFile(new URL(name, import.meta.url)));
const scorer = Scorer.from(await compile('./model.wasm'));
const options = optionsFrom(process.env);
// {{recording}}
const recorder = await compile('./recorder.wasm');
options.recording = await recordToFile(recorder, scorer.description, process.env, { fs, process });
// {{end}}
const handle = createHandler(scorer, options);

// {{requests}}

async function answer(incoming, outgoing) {
  const response = await handle(toRequest(incoming));
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
// {{recording}}
// What was counted since it was last written.
server.on('close', () => options.recording?.close().catch(() => undefined));
// {{end}}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
