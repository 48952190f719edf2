// {{name}}: a champion and a challenger as one HTTP service, on Node 20 or later: node main.mjs
// On Bun: bun main.mjs. On Deno: deno run --allow-net --allow-env --allow-read=. --allow-write=recorded main.mjs
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
{{recording}}
import { recordToFile } from './recording.mjs';
{{end}}
import { routeWithFile } from './router.mjs';

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
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
  const recording = await recordToFile(recorder, scorer.description, process.env, { fs, process });
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

/** What Node has of a request, as the web's standards have it. */
function toRequest(incoming) {
  const { method, url, headers } = incoming;
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(incoming);
  const known = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return new Request(new URL(url, 'http://localhost'), { method, headers: known, body, duplex: 'half' });
}

/** A body of which not all may be read; the connection then stays, for the answer and the next request. */
function bodyOf(incoming) {
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => chunks.return(),
  });
}

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
server.on('close', () => counts.forEach((one) => one.flush().catch(() => undefined)));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
