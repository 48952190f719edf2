/** The form of a prediction, made from a model's schema. */
import type { Field } from 'hedgerow';
import type { Cell } from '../worker/protocol.ts';

/** A date input speaks of whole days. */
const DAY = 86_400_000;

/** What stands in a field at first: what was typical in training. */
export function typicalValue(field: Field): Cell {
  const { typical } = field;
  if (field.kind === 'category') return field.categories?.[typical ?? 0] ?? null;
  if (typical === undefined) return null;
  if (field.kind === 'boolean') return typical >= 0.5;
  return typical;
}

/** The step of a slider: a round number, about a two-hundredth of the range; 1 for small whole ranges. */
export function sliderStep(min: number, max: number): number {
  const range = max - min;
  if (!(range > 0)) return 1;
  const raw = range / 200;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((multiple) => multiple * power >= raw) ?? 10;
  const step = factor * power;
  return Number.isInteger(min) && Number.isInteger(max) && step < 1 && range >= 20 ? 1 : step;
}

/** Where a slider ends, so that its steps fall on round numbers and the whole range is reached. */
export function sliderEnds(min: number, max: number): { min: number; max: number; step: number } {
  const step = sliderStep(min, max);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const round = (value: number) => Number(value.toFixed(digits));
  return { min: round(Math.floor(min / step) * step), max: round(Math.ceil(max / step) * step), step };
}

export function dateText(milliseconds: Cell): string {
  if (typeof milliseconds !== 'number') return '';
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

export function dateValue(text: string): number | null {
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / DAY) * DAY;
}
