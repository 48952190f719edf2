// {{name}} on Vercel's edge runtime. What can be set are the project's environment variables.
import { createHandler, optionsFrom, Scorer } from '../handler.mjs';
import module from '../model.wasm?module';
// {{recording}}
import recorder from '../recorder.wasm?module';
import { recordInMemory } from '../recording.mjs';
// {{end}}

export const config = { runtime: 'edge' };

const scorer = Scorer.from(module);
const options = optionsFrom(process.env);
// {{recording}}
// An instance has the counts in its memory, for as long as it lives.
options.recording = recordInMemory(recorder, scorer.description, process.env);
// {{end}}

export default createHandler(scorer, options);
