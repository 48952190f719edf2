// Serves a model. At /memory it tells how many bytes its instance has, and collects what is dead, so often that
// what the engine says of that fills its buffer and is written.
import { createHandler, Scorer } from './handler.mjs';
import module from './model.wasm';

const instance = new WebAssembly.Instance(module, {});
const handle = createHandler(Scorer.from(instance));

export default {
  fetch(request) {
    if (new URL(request.url).pathname !== '/memory') return handle(request);
    for (let time = 0; time < 100; time += 1) gc();
    return Response.json(instance.exports.memory.buffer.byteLength);
  },
};
