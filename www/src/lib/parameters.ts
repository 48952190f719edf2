/** A learner's parameters, as the package declares them. */
import type { Declaration, Parameter } from 'hedgerow';
import * as format from './format.ts';
import type { Params, ParamValue } from './plan.ts';

/** The value that counts: what was chosen, else the default. */
export function chosenValue(parameter: Parameter, params: Params): ParamValue {
  const chosen = Object.hasOwn(params, parameter.name) ? params[parameter.name] : undefined;
  return chosen === undefined ? (parameter.default as ParamValue) : chosen;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Only what differs from the defaults, in the order of the declaration. */
export function changedParams(
  declared: Declaration,
  params: Params,
): { parameter: Parameter; value: ParamValue }[] {
  return declared.parameters
    .map((parameter) => ({ parameter, value: chosenValue(parameter, params) }))
    .filter(({ parameter, value }) => !same(value, parameter.default));
}

/** `from 1 to 10,000`, `above 0`, `from 0, below 1`; empty where any number is allowed. */
export function rangeText({ min, max, aboveMin, belowMax }: Parameter): string {
  const low = isNumber(min) ? `${aboveMin ? 'above' : 'from'} ${bound(min)}` : '';
  if (!isNumber(max)) return low;
  const apart = aboveMin || belowMax || low === '' ? ', ' : ' ';
  const high = belowMax ? `below ${bound(max)}` : `${low === '' ? 'up ' : ''}to ${bound(max)}`;
  return low === '' ? high : `${low}${apart}${high}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number';
}

/** A limit is read exactly. */
function bound(value: number): string {
  return Number.isInteger(value) ? format.count(value) : String(value);
}

function within(parameter: Parameter, value: unknown, whole: boolean): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (whole && !Number.isInteger(value)) return false;
  const { min, max, aboveMin, belowMax } = parameter;
  if (isNumber(min) && (aboveMin ? value <= min : value < min)) return false;
  return !isNumber(max) || (belowMax ? value < max : value <= max);
}

/** What the values of a parameter are, with their range. */
function expected(parameter: Parameter): string {
  const range = rangeText(parameter);
  const sort = { whole: 'a whole number', number: 'a number', list: 'whole numbers' }[
    parameter.type as string
  ];
  const between = parameter.type === 'list' ? ', with commas between' : '';
  return `${[sort, range].filter(Boolean).join(' ')}${between}`;
}

/** What is wrong with a value, as a sentence; null when nothing is. */
export function paramProblem(parameter: Parameter, value: ParamValue): string | null {
  const { type, label, optional } = parameter;
  if (value === null && optional) return null;
  if (isRight(parameter, value)) return null;
  if (type === 'choice') return `${label} is one of the list, or ${parameter.or ?? 'nothing else'}.`;
  if (type === 'map') return `${label} needs a number for each name.`;
  return `${label} is ${expected(parameter)}${optional ? `, or empty for ${optional}` : ''}.`;
}

function isRight(parameter: Parameter, value: ParamValue): boolean {
  switch (parameter.type) {
    case 'whole':
      return within(parameter, value, true);
    case 'number':
      return within(parameter, value, false);
    case 'list':
      return Array.isArray(value) && value.length > 0 && value.every((part) => within(parameter, part, true));
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return isChoice(parameter, value) || (Boolean(parameter.or) && isOther(value));
    case 'map':
      return isNumbersByName(value);
  }
}

export function isChoice(parameter: Parameter, value: ParamValue): boolean {
  return typeof value === 'string' && parameter.choices.some((choice) => choice.value === value);
}

/** Whether a parameter takes numbers by name, as the only thing or beside a choice. */
export function isByName({ type, or }: Parameter): boolean {
  return type === 'map' || /\bby (label|class|column|name)/.test(or ?? '');
}

/** Whether the names are those of classes; else they are those of columns. */
export function isByClass({ or }: Parameter): boolean {
  return /\b(label|class)/.test(or ?? '');
}

/** What a choice may also be: a number, or numbers by name. Which numbers, the package checks. */
function isOther(value: ParamValue): boolean {
  return (typeof value === 'number' && Number.isFinite(value)) || isNumbersByName(value);
}

function isNumbersByName(value: ParamValue): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return Object.values(value).every((number) => typeof number === 'number' && Number.isFinite(number));
}

/** Numbers with commas between; the text itself where it is none, so that it can be complained of. */
export function parseList(text: string): ParamValue {
  const parts = text.split(/[,;\s]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : text;
}

/** A number; null for nothing; the text itself where it is none. */
export function parseNumber(text: string): ParamValue {
  if (text.trim() === '') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** A value as it stands in a text field. */
export function valueText(value: ParamValue): string {
  if (value === null) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The help as a form says it, where `null` is an empty field. */
export function helpText({ help, optional }: Parameter): string {
  return optional
    ? help
        .replace('Default null.', `Default: ${optional}.`)
        .replace(/(^|\. )null\b/g, '$1Empty')
        .replace(/\bnull\b/g, 'empty')
    : help;
}

/** The first sentence: enough to choose by. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s+\p{Lu}|$)/u.exec(text)?.[0] ?? text;
}

/** What a learner does, in its first sentence without its name, which stands above it. */
export function whatItDoes({ about }: Declaration): string {
  return format.capital(firstSentence(about).replace(/^[^:(]+(\([^)]*\))?: /, ''));
}
