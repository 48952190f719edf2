// {{name}} on Vercel's edge runtime. What can be set are the project's environment variables.
import { createHandler, optionsFrom, Scorer } from '../handler.mjs';
import module from '../model.wasm?module';
{{recording}}
import recorder from '../recorder.wasm?module';
import { recordInMemory } from '../recording.mjs';
{{end}}

export const config = { runtime: 'edge' };

{{recording}}
const scorer = Scorer.from(module);
// An instance has the counts in its memory, for as long as it lives.
const recording = recordInMemory(recorder, scorer.description, process.env);

export default createHandler(scorer, { ...optionsFrom(process.env), recording });
{{end}}
{{no recording}}
export default createHandler(Scorer.from(module), optionsFrom(process.env));
{{end}}
