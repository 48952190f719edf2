// {{name}} as an HTTP service, on Bun: bun main.mjs
import { createHandler, optionsFrom, Scorer } from './handler.mjs';

const { HOST = '127.0.0.1', PORT = '8000' } = process.env;
const bytes = await Bun.file(new URL('./model.wasm', import.meta.url)).arrayBuffer();
const scorer = Scorer.from(await WebAssembly.compile(bytes));

const server = Bun.serve({
  hostname: HOST,
  port: Number(PORT),
  fetch: createHandler(scorer, optionsFrom(process.env)),
});
console.log(`{{name}} on http://${HOST}:${server.port}`);
