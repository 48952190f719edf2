// {{name}} as an HTTP service, on Deno: deno run --allow-net --allow-env --allow-read=. main.mjs
import { createHandler, optionsFrom, Scorer } from './handler.mjs';

const { HOST = '127.0.0.1', PORT = '8000' } = Deno.env.toObject();
const bytes = await Deno.readFile(new URL('./model.wasm', import.meta.url));
const scorer = Scorer.from(await WebAssembly.compile(bytes));

Deno.serve(
  {
    hostname: HOST,
    port: Number(PORT),
    onListen: ({ port }) => console.log(`{{name}} on http://${HOST}:${port}`),
  },
  createHandler(scorer, optionsFrom(Deno.env.toObject())),
);
