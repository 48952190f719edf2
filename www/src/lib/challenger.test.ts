import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Declaration, ModelInfo, Report } from 'hedgerow';
import type { Judgement } from 'hedgerow/monitor';
import {
  challengerOptions,
  HELD_OUT,
  HOLD_OUT,
  holdOut,
  labelledReading,
  notTrainable,
  type RunRecipe,
  readingOf,
} from './challenger.ts';
import { challengerCode } from './challenger-code.ts';
import * as format from './format.ts';
import { bothMetrics, gainPlaces } from './judged.ts';

const declared = {
  kind: 'random-forest',
  tasks: ['classification', 'regression'],
  parameters: [
    { name: 'nEstimators', field: 'n_estimators', default: 100 },
    { name: 'maxDepth', field: 'max_depth', default: null },
  ],
} as unknown as Declaration;

const info = {
  schema: {
    target: { name: 'late', kind: 'category' },
    features: [
      { name: 'hour', kind: 'number' },
      { name: 'carrier', kind: 'category' },
    ],
    task: { kind: 'classification', classes: ['no', 'yes'] },
  },
  provenance: {
    learner: { kind: 'random-forest', params: { n_estimators: 10, max_depth: null, of_later_versions: 1 } },
    seed: 7,
  },
} as unknown as ModelInfo;

test('without its run, a model is trained again by what its file says', () => {
  assert.deepEqual(challengerOptions(info, declared, null), {
    target: 'late',
    task: 'classification',
    features: ['hour', 'carrier'],
    learner: { kind: 'random-forest', nEstimators: 10, maxDepth: null },
    seed: 7,
  });
  const calibrated = { ...info, calibration: { kind: 'sigmoid' } } as unknown as ModelInfo;
  assert.equal(challengerOptions(calibrated, declared, null).calibrate, 'sigmoid');
});

test('a run says more, but for what a search found', () => {
  const learner = { kind: 'random-forest', nEstimators: 10, maxDepth: 4 };
  const recipe = {
    train: { target: 'late', seed: 3, sampleWeight: 'weight', learner },
    adjust: { threshold: 'f1' },
  } as unknown as RunRecipe;
  const options = challengerOptions(info, declared, recipe);
  assert.deepEqual(options.learner, learner);
  assert.equal(options.sampleWeight, 'weight');
  assert.equal(options.threshold, 'f1');
  assert.deepEqual(options.features, ['hour', 'carrier']);
  const tuned = challengerOptions(info, declared, { ...recipe, study: {} });
  assert.deepEqual(tuned.learner, { kind: 'random-forest', nEstimators: 10, maxDepth: null });
});

test('what cannot be trained again is said', () => {
  assert.equal(notTrainable(info, declared, null), null);
  assert.match(notTrainable(info, undefined, null) ?? '', /No learner of this page/);
  assert.match(notTrainable(info, { ...declared, tasks: ['anomaly'] }, null) ?? '', /without a target/);
  const decided = { ...info, threshold: 0.3 } as ModelInfo;
  assert.match(notTrainable(decided, declared, null) ?? '', /threshold/);
  assert.equal(notTrainable(decided, declared, {}), null);
});

const read = {
  csv: {
    encoding: 'latin1',
    missing: ['', '-'],
    delimiter: ';',
    hasHeader: true,
    kinds: { hour: 'category' },
  },
  drop: ['remarks'],
  dropMissing: false,
  dropMissingIn: ['hour'],
} as const;

test('new rows are read as those of the run, by the kinds of the champion', () => {
  const kinds = { hour: 'number', carrier: 'category', late: 'category' };
  const recipe = { read } as unknown as RunRecipe;
  const reading = readingOf(info, recipe);
  assert.deepEqual(reading, { ...read, csv: { ...read.csv, kinds }, drop: [] });
  assert.deepEqual(labelledReading(info, reading).dropMissingIn, ['hour', 'late']);
  const strict = readingOf(info, { read: { ...recipe.read, dropMissing: true } });
  assert.deepEqual([strict.drop, strict.dropMissing], [['remarks'], true]);
  assert.deepEqual(readingOf(info, null), {
    csv: { kinds },
    drop: [],
    dropMissing: false,
    dropMissingIn: [],
  });
});

test('classes are held out in equal shares, and the share is told as it is', () => {
  assert.deepEqual(holdOut(info), { testSize: HOLD_OUT.share, seed: HOLD_OUT.seed, stratify: 'late' });
  assert.equal(HELD_OUT, format.percent(holdOut(info).testSize));
});

test('the code trains and judges as the view does', () => {
  const options = { ...challengerOptions(info, declared, null), sampleWeight: null };
  const told = {
    info,
    declared,
    options: options as never,
    recipe: null,
    modelFile: 'late.safetensors',
    version: null,
    data: 'later.csv',
    rule: {},
    profile: true,
  };
  const [script, commands] = challengerCode(told);
  assert.match(script?.text ?? '', /learner: \{ kind: 'random-forest', nEstimators: 10 \}/);
  assert.match(script?.text ?? '', /await judge\(champion, challenger, test\);/);
  assert.doesNotMatch(script?.text ?? '', /null/);
  assert.equal(
    commands?.text,
    'hedgerow retrain late.safetensors later.csv --force \\\n  --out challenger.safetensors',
  );
  const recipe = { read } as unknown as RunRecipe;
  const [reading] = challengerCode({ ...told, recipe });
  assert.match(reading?.text ?? '', /encoding: 'latin1', missing: \['', '-'\], delimiter: ';', kinds: /);
  assert.match(reading?.text ?? '', /const rows = all\.dropMissing\(\['hour', 'late'\]\);/);
  const [, ruled] = challengerCode({ ...told, version: 'late/3', rule: { tolerance: 0.01 } });
  assert.match(ruled?.text ?? '', /"promotion": \{\s+"tolerance": 0.01/);
  assert.match(
    ruled?.text ?? '',
    /hedgerow retrain late\/3 later.csv --force \\\n {2}--policy policy.json \\\n {2}--promote$/,
  );
});

test('metrics with names of their own are side by side, and the gain is on its scale', () => {
  const of = (metrics: object) => ({ metrics }) as Report;
  assert.deepEqual(bothMetrics(of({ accuracy: 0.9, logLoss: null, odd: 1 }), of({ accuracy: 0.8, odd: 2 })), [
    { metric: 'accuracy', champion: 0.9, challenger: 0.8 },
  ]);
  const { low, gain, high, zero } = gainPlaces({ gain: 0.02, low: 0.01, high: 0.03 } as Judgement);
  assert.ok(0 < zero && zero < low && low < gain && gain < high && high < 1);
});
