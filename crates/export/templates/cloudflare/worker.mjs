// {{name}} as a worker. What can be set is in wrangler.jsonc; secrets are set by `wrangler secret put`.
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
import module from './model.wasm';

let handle;

export default {
  fetch(request, env) {
    handle ??= createHandler(Scorer.from(module), optionsFrom(env));
    return handle(request);
  },
};
