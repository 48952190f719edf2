// {{name}}: a champion and a challenger as one worker.
import { DurableObject } from 'cloudflare:workers';
import challenger from './challenger/model.wasm';
import champion from './champion/model.wasm';
import { createHandler, optionsFrom, Scorer } from './handler.mjs';
import { routedIn, routeWithObject } from './router.mjs';
{{recording}}
import challengerRecorder from './challenger/recorder.wasm';
import championRecorder from './champion/recorder.wasm';
import { recordedIn, recordToObject } from './recording.mjs';

/** Where the counts of all workers come together: an object of its own for each version of a model. */
export class RecordedChampion extends recordedIn(DurableObject, championRecorder, () => Scorer.from(champion).description) {}
export class RecordedChallenger extends recordedIn(DurableObject, challengerRecorder, () => Scorer.from(challenger).description) {}
{{end}}

/** Where what the router counts comes together, and which variants are killed: an object for each experiment. */
export class Routed extends routedIn(DurableObject, 2) {}

let router;

function routerOf(env) {
  // The router asks for the token. A row may have the columns of both.
  const { maxBytes, maxRows, extraFields = 'ignore', missingFields } = optionsFrom(env);
{{recording}}
  const variant = (name, weight, control, module, recorder, binding) => {
    const scorer = Scorer.from(module);
    const recording = recordToObject(recorder, scorer.description, env, binding);
{{end}}
{{no recording}}
  const variant = (name, weight, control, module) => {
    const scorer = Scorer.from(module);
    const recording = undefined;
{{end}}
    return { name, weight, control, to: createHandler(scorer, { maxBytes, maxRows, extraFields, missingFields, recording }) };
  };
  const variants = [
{{recording}}
    variant('champion', {{champion weight}}, true, champion, championRecorder, 'HEDGEROW_RECORDED_CHAMPION'),
    variant('challenger', {{challenger weight}}, false, challenger, challengerRecorder, 'HEDGEROW_RECORDED_CHALLENGER'),
{{end}}
{{no recording}}
    variant('champion', {{champion weight}}, true, champion),
    variant('challenger', {{challenger weight}}, false, challenger),
{{end}}
  ];
  return routeWithObject(variants, '{{experiment}}', env, 'HEDGEROW_ROUTED');
}

export default {
  fetch(request, env, context) {
    router ??= routerOf(env);
    return router.handle(request, context);
  },
};
