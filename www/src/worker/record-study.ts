/** A comparison or a search as a run, with one below it for every candidate. */
import type { Estimate, Learner, Tuned } from 'hedgerow';
import type { ActiveRun } from 'hedgerow/track';
import { MODEL_FILE } from '../lib/run-facts.ts';
import { snake } from '../lib/spelling.ts';
import type { Comparison, Study } from './protocol.ts';
import { errorTags, experimentOf, Recording } from './recording.ts';
import { theLoaded } from './session.ts';
import { theWorkspace } from './workspace.ts';

/** A learner or trial, and how it did. */
interface Candidate {
  name: string;
  learner: Learner | null;
  metrics: Record<string, number>;
  error: { code: string; message: string } | null;
}

interface Kept {
  metric: string;
  best: Estimate | null;
  candidates: Candidate[];
  model?: Uint8Array;
}

/** Does a study and records it; how it goes does not depend on that. */
export async function recordStudy<Found>(
  name: string,
  { plan, choice }: Study,
  signal: AbortSignal,
  work: () => Promise<Found>,
  keep: (found: Found) => Kept,
): Promise<{ found: Found; run: Promise<string | null> }> {
  const loaded = theLoaded();
  const recording = new Recording(loaded, () => ({
    name,
    params: {
      target: plan.target ?? '',
      seed: plan.seed,
      folds: choice.folds,
      // What is compared is said by the parts.
      ...(name === 'tune' && { learner: plan.learner.kind }),
    },
    tags: { 'hedgerow.study': name },
  }));
  try {
    const found = await work();
    record(experimentOf(loaded.name), recording, keep(found));
    return { found, run: recording.id };
  } catch (error) {
    recording.fail(error, signal.aborted);
    throw error;
  }
}

function record(experiment: string, recording: Recording, { metric, best, candidates, model }: Kept): void {
  void recording.logInput();
  if (best) logEstimate(recording, metric, best);
  if (model) void recording.logArtifact(MODEL_FILE, model);
  for (const candidate of candidates) recording.log((run) => keepBelow(experiment, run, candidate));
  recording.finish();
}

function logEstimate(to: { logMetric: ActiveRun['logMetric'] }, metric: string, estimate: Estimate): void {
  to.logMetric(metric, estimate.mean, { step: 0 });
  to.logMetric(`${metric}.std`, estimate.std, { step: 0 });
}

async function keepBelow(
  experiment: string,
  parent: ActiveRun,
  { name, learner, metrics, error }: Candidate,
): Promise<void> {
  const workspace = await theWorkspace();
  const tags = error ? errorTags(error) : {};
  const run = await workspace.startRun({
    experiment,
    parent: parent.id,
    name,
    params: paramsOf(learner),
    tags,
  });
  for (const [key, value] of Object.entries(metrics)) run.logMetric(key, value, { step: 0 });
  await run.end(error ? 'FAILED' : 'FINISHED');
}

/** Parameters by the names that models and the command line have: `n_estimators`. */
function paramsOf(learner: Learner | null): Record<string, string> {
  if (!learner) return {};
  const { kind, ...params } = learner as Learner & Record<string, unknown>;
  const entries = Object.entries(params).map(([name, value]) => [
    snake(name),
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { learner: kind, ...Object.fromEntries(entries) };
}

export function comparisonKept({ metric, leaderboard }: Comparison): Kept {
  return {
    metric,
    best: leaderboard[0]?.score ?? null,
    candidates: leaderboard.map(({ learner, metrics, score, error }) => ({
      name: learner?.kind ?? 'baseline',
      learner,
      metrics: {
        ...Object.fromEntries(Object.entries(metrics).map(([key, { mean }]) => [key, mean])),
        ...(score && { [`${metric}.std`]: score.std }),
      },
      error,
    })),
  };
}

export function tuningKept({ metric, trials, best, model }: Tuned): Kept {
  return {
    metric,
    best: trials[best]?.score ?? null,
    candidates: trials.map(({ learner, score, share, error }, index) => ({
      name: `trial ${index + 1}`,
      learner,
      metrics: { share, ...(score && { [metric]: score.mean, [`${metric}.std`]: score.std }) },
      error,
    })),
    model: model.save(),
  };
}
