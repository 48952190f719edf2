// {{name}} on Vercel's edge runtime. What can be set are the project's environment variables.
import { createHandler, optionsFrom, Scorer } from '../handler.mjs';
import module from '../model.wasm?module';

export const config = { runtime: 'edge' };

export default createHandler(Scorer.from(module), optionsFrom(process.env));
