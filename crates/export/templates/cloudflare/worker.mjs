// {{name}} as a worker. What can be set is in wrangler.jsonc; secrets are set by `wrangler secret put`.
{{recording}}
import { DurableObject } from 'cloudflare:workers';
{{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
import module from './model.wasm';
{{recording}}
import recorder from './recorder.wasm';
import { recordedIn, recordToObject } from './recording.mjs';

/** Where the counts of all workers come together: an object of its own for each version of the model. */
export class Recorded extends recordedIn(DurableObject, recorder, () => Scorer.from(module).description) {}
{{end}}

let handle;

export default {
{{recording}}
  fetch(request, env, context) {
    if (!handle) {
      const scorer = Scorer.from(module);
      const recording = recordToObject(recorder, scorer.description, env, 'HEDGEROW_RECORDED');
      handle = createHandler(scorer, { ...optionsFrom(env), recording });
    }
    return handle(request, context);
  },
{{end}}
{{no recording}}
  fetch(request, env) {
    handle ??= createHandler(Scorer.from(module), optionsFrom(env));
    return handle(request);
  },
{{end}}
};
