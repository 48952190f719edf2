/** Who stands where, and what that says. */

import type { Comparison, Contender, LearningCurve, Trial, Tuning } from 'hedgerow';
import * as format from './format.ts';
import { differenceText, lowerIsBetter, metricLabel, metricText } from './metrics.ts';
import type { LearnerPlan } from './plan.ts';
import type { ScorePoint } from './score-path.ts';
import type { StudyStep } from './studies.ts';

/** Where something stands among others, whether it has ended or not. */
export interface Standing {
  key: string;
  label: string;
  /** What is said beneath the label. */
  detail: string;
  mean: number | null;
  std: number | null;
  scores: number[];
  /** Beside the best; null of the best itself, and while it is not known. */
  against: string | null;
  problem: string | null;
  /** What can be trained; null for the baseline. */
  learner: LearnerPlan | null;
}

/** Beyond this a difference may well be chance. */
const LIKELY = 0.05;

export function pText(p: number): string {
  return p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

export function meanOf(scores: number[]): number | null {
  return scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null;
}

/** The ends of a scale that holds all scores, with a little air. */
export function scaleOf(standings: Standing[]): { low: number; high: number } {
  const scores = standings.filter(({ learner }) => learner).flatMap((one) => one.scores);
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  const air = Math.max((high - low) * 0.06, Math.abs(high) * 1e-6, 1e-9);
  return scores.length > 0 ? { low: low - air, high: high + air } : { low: 0, high: 1 };
}

function isBehind({ pValue }: Contender): boolean {
  return typeof pValue === 'number' && pValue < LIKELY;
}

/** What a leaderboard says, as a sentence. */
export function comparisonFinding(board: Comparison, title: (kind: string) => string): string {
  const label = ({ learner }: Contender) => (learner ? title(learner.kind) : 'The baseline');
  const [best, ...others] = board.leaderboard.filter(({ score }) => score);
  if (!best) return 'No learner could be trained';
  const head = `${label(best)} is best: ${metricLabel(board.metric)} ${metricText(board.metric, best.score?.mean)}`;
  if (!best.learner) return `No learner beats the baseline’s ${metricText(board.metric, best.score?.mean)}`;
  const close = others.filter((other) => other.learner && !isBehind(other));
  const [first] = close;
  if (!first) return others.some(({ learner }) => learner) ? `${head}, clearly ahead` : head;
  const more = close.length > 1 ? ` and ${format.count(close.length - 1)} more` : '';
  return `${head}; ${label(first)}${more} may be as good`;
}

/** What a learning curve says: whether more rows would help. */
export function curveFinding(curve: LearningCurve): string {
  const points = curve.points.flatMap((point) =>
    point.validation ? [{ rows: point.trainRows, ...point.validation }] : [],
  );
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return 'Too few sizes could be trained to say what more rows would do';
  const gain = (curve.higherIsBetter ? 1 : -1) * (last.mean - before.mean);
  const name = metricLabel(curve.metric);
  const value = metricText(curve.metric, last.mean);
  return gain > last.standardError / 2
    ? `${name} is ${value} with ${format.count(last.rows)} rows and still getting better: more rows would help`
    : `${name} stands at ${value} from about ${format.count(before.rows)} rows on: more rows would help little`;
}

function present(scores: (number | null)[]): number[] {
  return scores.filter((score) => score !== null);
}

/** A leaderboard as the package gives it, beside the learners that were asked for. */
export function finalStandings(
  board: Comparison,
  asked: LearnerPlan[],
  label: (kind: string) => string,
): Standing[] {
  return board.leaderboard.map((one) => ({
    key: String(one.index),
    label: one.learner ? label(one.learner.kind) : 'Baseline',
    detail: one.learner
      ? `${one.seconds < 0.05 ? '<0.1 s' : format.duration(one.seconds)} a fold`
      : 'ignores the features',
    mean: one.score?.mean ?? null,
    std: one.score?.std ?? null,
    scores: present(one.scores),
    against: againstBest(board, one),
    problem: one.error?.message ?? null,
    learner: one.index === null ? null : (asked[one.index] ?? null),
  }));
}

function againstBest({ metric }: Comparison, { difference, pValue }: Contender): string | null {
  if (difference === null) return null;
  const p = pValue === null ? '' : `, ${pText(pValue)}`;
  return `${differenceText(metric, difference)} to best${p}`;
}

/** What is known while it runs, in the order in which they are trained. */
export function standingsSoFar(
  steps: StudyStep[],
  asked: LearnerPlan[],
  folds: number,
  label: (kind: string) => string,
): Standing[] {
  return asked.flatMap((learner, index) => {
    const own = steps.filter(({ candidate }) => candidate === index);
    if (own.length === 0) return [];
    const scores = present(own.map(({ score }) => score));
    return [
      {
        key: String(index),
        label: label(learner.kind),
        detail: `${own.length} of ${format.counted(folds, 'fold')}`,
        mean: meanOf(scores),
        std: null,
        scores,
        against: null,
        problem: null,
        learner,
      },
    ];
  });
}

/** Scores by trial, and the best until then; a trial counts once all its folds have ended. */
export function trialScores(
  steps: StudyStep[],
  metric: string,
): { each: ScorePoint[]; best: ScorePoint[]; trials: number } {
  const ended = steps.flatMap(({ meanScore }) => (meanScore === null ? [] : [meanScore]));
  const better = lowerIsBetter(metric) ? Math.min : Math.max;
  let best = ended[0] ?? 0;
  const points = ended.map((value, index) => {
    best = better(best, value);
    return { done: index + 1, value, best };
  });
  return {
    each: points.map(({ done, value }) => ({ done, value })),
    best: points.map(({ done, best: value }) => ({ done, value })),
    trials: ended.length,
  };
}

/** The trials, the best first: those that got the most rows before the others, those that failed last. */
export function byRank({ trials, higherIsBetter }: Tuning): { trial: Trial; number: number }[] {
  const rank = ({ score }: Trial) => (score ? score.mean * (higherIsBetter ? 1 : -1) : -Infinity);
  return trials
    .map((trial, index) => ({ trial, number: index + 1 }))
    .sort((a, b) => b.trial.share - a.trial.share || rank(b.trial) - rank(a.trial) || a.number - b.number);
}

/** What tuning has won. */
export function tuningFinding({ trials, best, metric, higherIsBetter }: Tuning): string {
  const found = trials[best];
  const first = trials[0];
  if (!found?.score) return 'No trial could be trained';
  const value = `${metricLabel(metric)} ${metricText(metric, found.score.mean)}`;
  if (best === 0) return `The parameters as they were are the best of ${trials.length} trials: ${value}`;
  const trial = `Trial ${best + 1} of ${trials.length} is best: ${value}`;
  if (!first?.score || first.share !== found.share) return trial;
  const gain = (found.score.mean - first.score.mean) * (higherIsBetter ? 1 : -1);
  return `${trial}, ${metricText(metric, gain)} better than before`;
}
