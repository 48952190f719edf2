// {{name}} as a worker. What can be set is in wrangler.jsonc; secrets are set by `wrangler secret put`.
// {{recording}}
import { DurableObject } from 'cloudflare:workers';
// {{end}}
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
import module from './model.wasm';
// {{recording}}
import recorder from './recorder.wasm';
import { recordedIn, recordToObject } from './recording.mjs';

/** Where the counts of all workers come together: an object of its own for each version of the model. */
export class Recorded extends recordedIn(DurableObject, recorder, () => Scorer.from(module).description) {}
// {{end}}

let handle;

function start(env) {
  const scorer = Scorer.from(module);
  const options = optionsFrom(env);
  // {{recording}}
  options.recording = recordToObject(recorder, scorer.description, env, 'HEDGEROW_RECORDED');
  // {{end}}
  return createHandler(scorer, options);
}

export default {
  fetch(request, env, context) {
    handle ??= start(env);
    return handle(request, context);
  },
};
