/** A study as a run of a workspace, with one below it for every candidate. */
import type { Tuned } from './choose.js';
import { calling } from './error.js';
import type { Model } from './model.js';
import { planOf, type Studies, type StudyName } from './plans.js';
import { errorTags, logData, logModel, Metrics, type RunRecorder, recordedWork, scalars } from './record.js';
import type { Table } from './table.js';
import {
  type Comparison,
  type CrossValidation,
  completeOptions,
  completeStudy,
  type Estimate,
  type Failure,
  type Learner,
  type LearningCurve,
} from './wasm/hedgerow.js';

/** A learner, trial or fold, and how it did. */
interface Candidate {
  name: string;
  learner: Learner | null;
  metrics: Record<string, number>;
  error: Failure | null;
}

/** What is kept of a study. */
interface Kept {
  /** The best estimates, by metric. */
  estimates: Record<string, Estimate | null>;
  /** Metrics by number of rows trained on. */
  points?: { key: string; step: number; value: number }[];
  candidates?: Candidate[];
  model?: Model;
}

/** Does a study; where there is a run, it is recorded there. */
export function recordedStudy<Name extends StudyName, Found>(
  name: Name,
  table: Table,
  options: Studies[Name],
  work: () => Promise<Found>,
  kept: (found: Found) => Kept,
): Promise<Found> {
  const { run } = options;
  if (!run) return work();
  return recordedWork(table, options, run, {
    params: () => paramsOf(name, options),
    tags: { 'hedgerow.study': name },
    work,
    keep: async (found) => {
      await logData(run, table, options, table.sha256);
      await keep(run, kept(found));
    },
  });
}

/** What is compared is said below, and what was tried; else the learner is said in full. */
function paramsOf<Name extends StudyName>(name: Name, options: Studies[Name]) {
  const { train, folds, metric } = calling(() => completeStudy(planOf(name, options)));
  const { learner } = calling(() => completeOptions(train));
  const inFull = name === 'crossValidate' || name === 'learningCurve';
  return scalars({
    ...(inFull && learner.params),
    learner: name === 'compare' ? undefined : learner.kind,
    seed: train.seed,
    target: train.target,
    folds: folds.folds,
    metric: metric ?? undefined,
  });
}

async function keep(
  run: RunRecorder,
  { estimates, points = [], candidates = [], model }: Kept,
): Promise<void> {
  for (const [metric, estimate] of Object.entries(estimates)) {
    if (!estimate) continue;
    run.logMetric(metric, estimate.mean, { step: 0 });
    run.logMetric(`${metric}.std`, estimate.std, { step: 0 });
  }
  for (const { key, step, value } of points) run.logMetric(key, value, { step });
  for (const candidate of candidates) await keepBelow(run, candidate);
  if (model) await logModel(run, model, new Metrics(run));
}

async function keepBelow(run: RunRecorder, { name, learner, metrics, error }: Candidate): Promise<void> {
  const record = learner && calling(() => completeOptions({ learner })).learner;
  const params = record ? scalars({ learner: record.kind, ...record.params }) : {};
  const child = await run.child?.({ name, params, tags: error ? errorTags(error) : {} });
  if (!child) return;
  for (const [key, value] of Object.entries(metrics)) child.logMetric(key, value, { step: 0 });
  await child.end(error ? 'FAILED' : 'FINISHED');
}

export function keptOfFolds({ metrics, folds }: CrossValidation): Kept {
  const candidates = folds.map((fold, index) => ({
    name: `fold ${index + 1}`,
    learner: null,
    metrics: fold.metrics,
    error: fold.error,
  }));
  return { estimates: metrics, candidates };
}

/** The score with all rows as that of the run, and the curve by the rows trained on. */
export function keptOfCurve({ metric, points }: LearningCurve): Kept {
  const most = points.reduce((one, other) => (other.share > one.share ? other : one));
  return {
    estimates: { [metric]: most.validation },
    points: points.flatMap(({ trainRows, train, validation }) => {
      const step = Math.round(trainRows);
      return [
        ...(train ? [{ key: `training_${metric}`, step, value: train.mean }] : []),
        ...(validation ? [{ key: `validation_${metric}`, step, value: validation.mean }] : []),
      ];
    }),
  };
}

export function keptOfComparison({ metric, leaderboard }: Comparison): Kept {
  const candidates = leaderboard.map(({ learner, metrics, score, error }) => ({
    name: learner?.kind ?? 'baseline',
    learner,
    metrics: {
      ...Object.fromEntries(Object.entries(metrics).map(([key, { mean }]) => [key, mean])),
      ...(score && { [`${metric}.std`]: score.std }),
    },
    error,
  }));
  return { estimates: { [metric]: leaderboard[0]?.score ?? null }, candidates };
}

export function keptOfTuning({ metric, trials, best, model }: Tuned): Kept {
  const candidates = trials.map(({ learner, score, share, error }, index) => ({
    name: `trial ${index + 1}`,
    learner,
    metrics: { share, ...(score && { [metric]: score.mean, [`${metric}.std`]: score.std }) },
    error,
  }));
  return { estimates: { [metric]: trials[best]?.score ?? null }, candidates, model };
}
