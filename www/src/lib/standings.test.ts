import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison, Contender, LearningCurve, Trial, Tuning } from 'hedgerow';
import type { LearnerPlan } from './plan.ts';
import {
  byRank,
  comparisonFinding,
  curveFinding,
  finalStandings,
  pText,
  scaleOf,
  standingsSoFar,
  trialScores,
  tuningFinding,
} from './standings.ts';

const estimate = (mean: number, std = 0.01) => ({ mean, std, standardError: std / Math.sqrt(5) });

function contender(
  kind: string | null,
  index: number | null,
  mean: number,
  pValue: number | null,
): Contender {
  return {
    learner: kind === null ? null : { kind },
    index,
    score: estimate(mean),
    scores: [mean - 0.01, mean + 0.01],
    metrics: {},
    seconds: 0.5,
    difference: pValue === null ? null : mean - 0.95,
    pValue,
    error: null,
  } as Contender;
}

function board(...leaderboard: Contender[]): Comparison {
  return { task: 'classification', metric: 'accuracy', higherIsBetter: true, leaderboard };
}

const asked: LearnerPlan[] = [
  { kind: 'ridge', params: {} },
  { kind: 'forest', params: { nEstimators: 5 } },
];

test('the best is clearly ahead only where the difference is not likely chance', () => {
  const best = contender('forest', 1, 0.95, null);
  const title = (kind: string) => kind;
  const baseline = contender(null, null, 0.4, 0.0001);
  assert.equal(
    comparisonFinding(board(best, contender('ridge', 0, 0.9, 0.01), baseline), title),
    'forest is best: Accuracy 0.950, clearly ahead',
  );
  assert.equal(
    comparisonFinding(board(best, contender('ridge', 0, 0.945, 0.4), baseline), title),
    'forest is best: Accuracy 0.950; ridge may be as good',
  );
  assert.match(
    comparisonFinding(board(baseline, contender('ridge', 0, 0.3, 0.4)), title),
    /No learner beats the baseline/,
  );
});

test('a standing has the learner as it was asked for, and its distance to the best', () => {
  const standings = finalStandings(
    board(contender('forest', 1, 0.95, null), contender(null, null, 0.4, 0.0001)),
    asked,
    (kind) => kind,
  );
  assert.deepEqual(standings[0]?.learner, { kind: 'forest', params: { nEstimators: 5 } });
  assert.equal(standings[0]?.against, null);
  assert.equal(standings[1]?.learner, null);
  assert.match(standings[1]?.against ?? '', /^−0\.550 to best, p\s<\s0\.001$/);
  const { low, high } = scaleOf(standings);
  assert.ok(low > 0.9 && low < 0.94 && high > 0.96 && high < 1);
});

test('while it runs, what has ended stands in the order of training', () => {
  const step = { fold: 0, share: 1, meanScore: null };
  const standings = standingsSoFar(
    [
      { ...step, candidate: 1, score: 0.8 },
      { ...step, candidate: 1, score: 0.9 },
      { ...step, candidate: 0, score: null },
    ],
    asked,
    5,
    (kind) => kind,
  );
  assert.deepEqual(
    standings.map(({ label, detail, scores }) => [label, detail, scores]),
    [
      ['ridge', '1 of 5 folds', []],
      ['forest', '2 of 5 folds', [0.8, 0.9]],
    ],
  );
});

test('the best trial so far never gets worse', () => {
  const steps = [3, 2, 5, 1].map((score, candidate) => ({
    candidate,
    fold: 0,
    share: 1,
    score,
    meanScore: score,
  }));
  assert.deepEqual(
    trialScores(steps, 'rmse').best.map(({ value }) => value),
    [3, 2, 2, 1],
  );
  assert.deepEqual(
    trialScores(steps, 'accuracy').best.map(({ value }) => value),
    [3, 3, 5, 5],
  );
});

test('trials of more rows come before those of few, and failed ones last', () => {
  const trial = (share: number, mean: number | null): Trial =>
    ({
      share,
      score: mean === null ? null : estimate(mean),
      scores: [],
      seconds: 1,
      parameters: {},
    }) as never;
  const tuning = {
    metric: 'accuracy',
    higherIsBetter: true,
    best: 1,
    trials: [trial(1, 0.9), trial(1, 0.92), trial(0.3, 0.99), trial(1, null)],
  } as Tuning;
  assert.deepEqual(
    byRank(tuning).map(({ number }) => number),
    [2, 1, 4, 3],
  );
  assert.equal(tuningFinding(tuning), 'Trial 2 of 4 is best: Accuracy 0.920, 0.020 better than before');
  assert.match(tuningFinding({ ...tuning, best: 0 }), /as they were are the best of 4 trials/);
});

test('a curve that still rises asks for more rows', () => {
  const curve = (...means: number[]): LearningCurve => ({
    task: 'classification',
    metric: 'accuracy',
    higherIsBetter: true,
    points: means.map((mean, index) => ({
      share: (index + 1) / means.length,
      trainRows: 100 * (index + 1),
      train: estimate(1),
      validation: estimate(mean),
      seconds: 1,
      error: null,
    })) as LearningCurve['points'],
  });
  assert.match(curveFinding(curve(0.8, 0.85, 0.9)), /300 rows and still getting better/);
  assert.match(curveFinding(curve(0.8, 0.9, 0.9)), /from about 200 rows on: more rows would help little/);
});

test('p-values are told as far as they say something', () => {
  assert.match(pText(0.00001), /p\s<\s0\.001/);
  assert.match(pText(0.0312), /p\s=\s0\.031/);
  assert.match(pText(0.5), /p\s=\s0\.50/);
});
