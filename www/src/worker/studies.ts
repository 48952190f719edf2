/** Calls that train many times: comparing, tuning, learning curves. */
import type { ChooseProgress } from 'hedgerow';
import type { Answer, Args } from './calls.ts';
import type { Context } from './handlers.ts';
import { asLearner, trainOptions } from './learners.ts';
import { library } from './library.ts';
import { become } from './models.ts';
import type { Comparison, LearningCurve, Study, Tuning } from './protocol.ts';
import type { Recording } from './recording.ts';
import { recordStudy } from './records.ts';
import { Refusal, session, theTable } from './session.ts';
import { forget } from './store.ts';

/** What all studies are asked. */
function asked({ plan, choice }: Study) {
  const { target } = plan;
  if (target === null) {
    throw new Refusal('no_target', 'Learners are compared by what they predict. Choose what to predict.');
  }
  const { folds, metric } = choice;
  return { ...trainOptions(plan), target, folds, ...(metric && { metric }) };
}

/** How a study is run. */
function running({ signal, progress }: Context, run: Recording) {
  return { signal, onProgress: (event: ChooseProgress) => progress(asProgress(event)), run };
}

function asProgress({ phase, done, total, ...step }: ChooseProgress) {
  if (phase === 'refit') return { phase: 'fit' as const, done, total };
  const { candidate, fold, share, score, meanScore } = step;
  return { phase: 'study' as const, done, total, step: { candidate, fold, share, score, meanScore } };
}

export async function compare(args: Args<'compare'>, context: Context): Promise<Comparison> {
  const { compare: work, recipe } = await library();
  const { learner: _, ...rest } = asked(args);
  const options = { ...rest, learners: args.learners.map(asLearner) };
  const run = recordStudy('compare', options, args.read, recipe);
  return work(theTable(), { ...options, ...running(context, run) });
}

export async function tune(args: Study, context: Context): Promise<Tuning> {
  const { tune: work, recipe } = await library();
  const { trials, seconds, strategy } = args.choice;
  const more = { ...(seconds !== null && { seconds }), ...(args.plan.profile && { profile: true }) };
  const options = { ...asked(args), trials, strategy, ...more };
  const run = recordStudy('tune', options, args.read, recipe);
  const { model, ...tuning } = await work(theTable(), { ...options, ...running(context, run) });
  session.tuned = { model, run: run.id };
  return tuning;
}

/** Makes the model that the last tuning trained on all rows the current one. */
export async function useTuned(): Promise<Answer<'useTuned'>> {
  if (!session.tuned) throw new Refusal('no_model', 'There is no tuned model any more. Tune again.');
  session.tested = undefined;
  void forget('evaluation');
  return { model: become(session.tuned.model), run: await session.tuned.run };
}

export async function learningCurve(args: Study, context: Context): Promise<LearningCurve> {
  const { learningCurve: work, recipe } = await library();
  const options = asked(args);
  const run = recordStudy('learningCurve', options, args.read, recipe);
  return work(theTable(), { ...options, ...running(context, run) });
}
