import { calling } from './error.js';
import { type Declaration, learners as declared } from './wasm/hedgerow.js';

/** Every learner with its parameters: type, default, range, title and help. */
export function learners(): Declaration[] {
  return calling(() => declared());
}
