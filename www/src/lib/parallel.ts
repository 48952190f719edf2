/** Parallel coordinates: a line for each run, over an axis for each parameter that differs and each metric. */
import type { Comparison } from 'hedgerow/track';
import { comparedMetrics } from './compare-runs.ts';
import * as format from './format.ts';
import { paramText, runMetricLabel, runMetricText } from './run-facts.ts';

export interface Axis {
  label: string;
  /** Of every run, from 0 at the bottom to 1 at the top; null where it has none. */
  places: (number | null)[];
  /** What stands at which place of the axis. */
  ticks: { at: number; text: string }[];
  /** As it is read, of every run. */
  texts: string[];
}

/** Parameters that differ first, those that most runs have before others, then metrics: a third of `most` at
 * least, where there are so many. */
export function axesOf(comparison: Comparison, most: number): Axis[] {
  const differing = comparison.params
    .filter(({ values }) => new Set(known(values)).size > 1)
    .sort((a, b) => known(b.values).length - known(a.values).length || rank(a.key) - rank(b.key));
  const measured = comparedMetrics(comparison).filter(({ key }) => !key.endsWith('.std'));
  const metricCount = Math.min(measured.length, Math.max(1, Math.floor(most / 3), most - differing.length));
  const paramAxes = differing.slice(0, most - metricCount).map(({ key, values }) => paramAxis(key, values));
  const metricAxes = measured.slice(0, metricCount).map(({ key, values }) =>
    numberAxis(
      runMetricLabel(key),
      values.map((value) => value ?? null),
      (value) => runMetricText(key, value),
    ),
  );
  return [...paramAxes, ...metricAxes];
}

function known<T>(values: (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

/** The learner says more than its parameters do. */
function rank(key: string): number {
  return key === 'learner' ? 0 : 1;
}

/** Numbers among words by their size. */
const inOrder = new Intl.Collator('en', { numeric: true }).compare;

function paramAxis(key: string, values: (string | undefined)[]): Axis {
  const numbers = values.map((value) => (value === undefined || value.trim() === '' ? null : Number(value)));
  const given = numbers.filter((_, index) => values[index] !== undefined);
  if (given.every((value) => value !== null && Number.isFinite(value))) {
    return numberAxis(key, numbers, format.number);
  }
  const all = [...new Set(known(values))].sort(inOrder);
  const place = (value: string) => (all.length === 1 ? 0.5 : all.indexOf(value) / (all.length - 1));
  return {
    label: key,
    places: values.map((value) => (value === undefined ? null : place(value))),
    ticks: all.map((value) => ({ at: place(value), text: paramText(value) })),
    texts: values.map(paramText),
  };
}

function numberAxis(label: string, values: (number | null)[], text: (value: number) => string): Axis {
  const numbers = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const place = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  return {
    label,
    places: values.map((value) => (value === null ? null : place(value))),
    ticks: [...new Set(numbers.length > 0 ? [low, high] : [])].map((value) => ({
      at: place(value),
      text: text(value),
    })),
    texts: values.map((value) => (value === null ? '–' : text(value))),
  };
}

/** Lines at most that something is written on. */
const MOST_LINES = 3;

/** A text on lines of so many letters, broken where its words or their parts end. */
export function onLines(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const part of text.split(/(?<=[ _-])/)) {
    const last = lines.at(-1);
    if (last !== undefined && (last + part).trimEnd().length <= letters)
      lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  const fit = (line: string) => (line.length > letters ? `${line.slice(0, letters - 1)}…` : line);
  const kept = lines.slice(0, MOST_LINES).map((line) => line.trimEnd());
  if (lines.length > MOST_LINES) kept[MOST_LINES - 1] += '…';
  return kept.map(fit);
}
