/** Which variant a unit is assigned to: by a hash alone, so that it is the same everywhere. */
import { sha256 } from './sha256.js';

/** A unit, such as a customer, by its hash. */
export interface Unit {
  /** 0 to below 1: where it is among all units. */
  place: number;
  /** 16 hexadecimal digits that tell it from others, and nothing of it. */
  id: string;
}

/**
 * A unit of an experiment. Of SHA-256 of `SALT:KEY` in UTF-8, in hexadecimal, the first 13 digits over 16^13 are
 * its place, and digits 17 to 32 its id.
 */
export function unitOf(salt: string, key: string): Unit {
  const digits = sha256(`${salt}:${key}`);
  return { place: Number.parseInt(digits.slice(0, 13), 16) / 2 ** 52, id: digits.slice(16, 32) };
}

/**
 * The variant of a place, by its index. Every other variant than the control has an interval as long as its weight,
 * in their order from 0 on; what is left is the control's. So a variant that is added behind the others takes units
 * from the control only, and so does the last one when its weight is raised; where an earlier one is, those behind
 * it are moved along.
 */
export function assignedOf(place: number, weights: readonly number[], control: number): number {
  const others = weights.map((weight, index) => (index === control ? 0 : weight));
  const total = others.reduce((sum, weight) => sum + weight, 0) + (weights[control] ?? 0);
  let end = 0;
  const found = others.findIndex((weight) => {
    end += weight;
    return place * total < end;
  });
  return found < 0 ? control : found;
}
