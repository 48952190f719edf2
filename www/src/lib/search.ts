/** What a tuning searches and finds, in words. */
import type { Declaration, Parameter } from 'hedgerow';
import * as format from './format.ts';
import { chosenValue } from './parameters.ts';
import type { Params, ParamValue } from './plan.ts';

/** A value as a person says it: the title of a choice, what an empty field means. */
export function spoken(parameter: Parameter, value: unknown): string {
  if (value === null || value === undefined) return parameter.optional ?? 'none';
  if (typeof value === 'number') return format.number(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  return parameter.choices.find((choice) => choice.value === value)?.label ?? String(value);
}

/** `50 to 500`, `sqrt, 0.3, 0.5`; says when the small values are tried as often as the large. */
export function searchText(parameter: Parameter): string {
  const { search } = parameter;
  if (!search) return '';
  if (search.kind === 'each') return search.values.map((value) => spoken(parameter, value)).join(', ');
  const range = `${format.number(search.low)} to ${format.number(search.high)}`;
  return search.log ? `${range}, by factors` : range;
}

/** Of a whole learner as the package gives it, what is not the default: as a form keeps it. */
export function paramsOf(declared: Declaration, learner: object): Params {
  const given = learner as Params;
  return Object.fromEntries(
    declared.parameters
      .map((parameter): [Parameter, ParamValue] => [parameter, chosenValue(parameter, given)])
      .filter(([parameter, value]) => JSON.stringify(value) !== JSON.stringify(parameter.default))
      .map(([parameter, value]) => [parameter.name, value]),
  );
}

/** The searched parameters of a trial, `Trees 312 · Greatest depth 12`. */
export function trialText(declared: Declaration, parameters: Record<string, unknown>): string {
  return declared.parameters
    .filter(({ field }) => Object.hasOwn(parameters, field))
    .map((parameter) => `${parameter.label} ${spoken(parameter, parameters[parameter.field])}`)
    .join(' · ');
}
