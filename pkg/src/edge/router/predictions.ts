/** What was predicted, as answers say it. */
import { isDictionary, type List } from '../shapes.js';
import type { Answered } from './variants.js';

/** A row's prediction: a label, a number, or a list of probabilities. */
export type Predicted = unknown;

/** Outputs of the Open Inference Protocol that are predictions, the best first. */
const OUTPUTS = ['label', 'prediction', 'score'];

/** One a row; nothing where an answer has none. */
export function predictionsOf({ status, headers, body }: Answered): List | undefined {
  if (status !== 200 || !headers.get('content-type')?.startsWith('application/json')) return undefined;
  try {
    const told: unknown = JSON.parse(new TextDecoder().decode(body));
    if (!isDictionary(told)) return undefined;
    if (Array.isArray(told.predictions)) return told.predictions;
    return Array.isArray(told.outputs) ? outputOf(told.outputs) : undefined;
  } catch {
    return undefined;
  }
}

function outputOf(outputs: List): List | undefined {
  const named = (name: string) => outputs.find((output) => isDictionary(output) && output.name === name);
  const output = OUTPUTS.map(named).find((found) => found !== undefined);
  return isDictionary(output) && Array.isArray(output.data) ? output.data : undefined;
}

/** How two answers to the same rows differ. */
export interface Difference {
  rows: number;
  /** Rows of which both say the same. */
  agreeing: number;
  /** The sum over rows of how far numbers, or probabilities, are apart. */
  absolute: number;
}

/** Undefined where they are not of as many rows. */
export function differenceOf(one: List | undefined, other: List | undefined): Difference | undefined {
  if (!one || !other || one.length !== other.length) return undefined;
  const distances = one.map((predicted, row) => distanceOf(predicted, other[row]));
  return {
    rows: distances.length,
    agreeing: distances.filter((distance) => distance === 0).length,
    absolute: distances.reduce<number>((sum, distance) => sum + (distance ?? 0), 0),
  };
}

/** 0 of what is the same; undefined of different labels. */
function distanceOf(one: Predicted, other: Predicted): number | undefined {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other);
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other ? 0 : undefined;
  if (one.length !== other.length) return undefined;
  return one.reduce<number>((sum, value, place) => sum + Math.abs(value - other[place]), 0);
}

/** 1 where a label is what was predicted and 0 where not; of numbers how far off it was; nothing of what is neither. */
export function judged(predicted: Predicted, label: unknown): number | undefined {
  if (typeof predicted === 'number') {
    return typeof label === 'number' && Number.isFinite(label) ? Math.abs(predicted - label) : undefined;
  }
  if (typeof predicted !== 'string' || !['string', 'number', 'boolean'].includes(typeof label))
    return undefined;
  return predicted === String(label) ? 1 : 0;
}
