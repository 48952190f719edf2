/**
 * A model as a service at the edge: `createHandler(Scorer.from(module))`, or `createHandler(model)` with a
 * model of the package. It needs nothing but what the
 * web's standards have, and nothing of the rest of the package.
 */
export { HedgerowError } from '../error.js';
export type { Description, Feature, FeatureKind } from './description.js';
export { optionsFrom } from './environment.js';
export { type Compilable, type Context, createHandler, type Handler } from './handler.js';
export type { HandlerOptions } from './options.js';
export type { Recording } from './recorded.js';
export type { ErrorBody } from './refusal.js';
export { type Column, Scorer, type Scores } from './scorer.js';
