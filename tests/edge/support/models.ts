/**
 * Models of the tests. None of them is an exported model: they are plain objects with the interface of a
 * scorer, whose answers are a known function of what they are given, so that the protocol is tested by
 * itself. The exported module is tested in the runtimes it is made for.
 */
import type { Column, Description, Scorer } from 'hedgerow/edge';

/** Features of every kind, with names that are awkward in JSON, CSV and JavaScript. */
export const description: Description = {
  name: 'penguins',
  version: '5f'.repeat(32),
  library: '0.1.0',
  learner: 'random-forest',
  task: 'classification',
  target: 'species',
  classes: ['Adelie', 'Gentoo', 'Ünlü, "x"'],
  outputs: 3,
  features: [
    { name: 'mass', kind: 'number', min: 2700, max: 6300, typical: 4050 },
    { name: 'constructor', kind: 'number', min: 0, max: 1, typical: 0.5 },
    { name: 'tagged', kind: 'boolean', min: 0, max: 1, typical: 1 },
    { name: 'island, "old"', kind: 'category', categories: ['Biscoe', 'Dream', 'no', 'yes'], typical: 1 },
    { name: 'seen', kind: 'date', min: 0, max: 1.7e12, typical: 1_359_633_600_000 },
    { name: 'note', kind: 'text' },
  ],
};

/** Every bit of every value counts in what it answers. */
export const classifier: Scorer = scorerOf(description, (row) => {
  const shares = description.classes.map((_, index) => 1 + hash(`${index} ${row}`));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
});

/** Predicts the number that it is given, or -1 where it is missing. */
export const regressor: Scorer = scorerOf(
  {
    ...description,
    name: 'echo',
    task: 'regression',
    target: 'y',
    classes: [],
    outputs: 1,
    features: [{ name: 'x', kind: 'number' }],
  },
  (row) => [JSON.parse(row)[0] ?? -1],
);

/** Its score is the number that it is given. */
export const detector: Scorer = scorerOf(
  {
    ...regressor.description,
    name: 'odd',
    task: 'anomaly',
    target: undefined,
    classes: ['normal', 'anomaly'],
    outputs: 2,
    threshold: 0.6,
  },
  (row) => [1 - JSON.parse(row)[0], JSON.parse(row)[0]],
);

/** A scorer of a function from a row, as JSON, to its outputs. */
function scorerOf(described: Description, outputsOf: (row: string) => number[]): Scorer {
  return {
    description: described,
    score(columns, rows) {
      const outputs = Array.from({ length: rows }, (_, row) => outputsOf(rowOf(columns, row)));
      return {
        values: Float64Array.from(outputs.flat()),
        classes: Uint32Array.from(outputs, (row) => row.indexOf(Math.max(...row))),
      };
    },
  };
}

function rowOf(columns: readonly Column[], row: number): string {
  return JSON.stringify(columns.map((column) => column[row]));
}

/** FNV-1a, between 0 and 1. */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 16_777_619);
  return (state >>> 0) / 2 ** 32;
}
