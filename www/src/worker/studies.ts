/** Calls that train many times: comparing, tuning, learning curves. */
import type { ChooseProgress } from 'hedgerow';
import type { Context } from './handlers.ts';
import { asLearner, trainOptions } from './learners.ts';
import { library } from './library.ts';
import { become } from './models.ts';
import type { Answer, Args, Comparison, LearningCurve, Study, Tuning } from './protocol.ts';
import { comparisonKept, recordStudy, tuningKept } from './record-study.ts';
import { Refusal, session, theTable } from './session.ts';
import { forget } from './store.ts';

/** What all studies have in common. */
function common({ plan, choice }: Study, { signal, progress }: Context) {
  const { learner, ...rest } = trainOptions(plan);
  const { target } = plan;
  if (target === null) {
    throw new Refusal('no_target', 'Learners are compared by what they predict. Choose what to predict.');
  }
  return {
    learner,
    options: {
      ...rest,
      target,
      folds: choice.folds,
      ...(choice.metric && { metric: choice.metric }),
      signal,
      onProgress: (event: ChooseProgress) => progress(asProgress(event)),
    },
  };
}

function asProgress({ phase, done, total, ...step }: ChooseProgress) {
  if (phase === 'refit') return { phase: 'fit' as const, done, total };
  const { candidate, fold, share, score, meanScore } = step;
  return { phase: 'study' as const, done, total, step: { candidate, fold, share, score, meanScore } };
}

export async function compare(args: Args<'compare'>, context: Context): Promise<Comparison> {
  const { compare: run } = await library();
  const learners = args.learners.map(asLearner);
  const { options } = common(args, context);
  const work = () => run(theTable(), { ...options, learners });
  return (await recordStudy('compare', args, context.signal, work, comparisonKept)).found;
}

export async function tune(args: Study, context: Context): Promise<Tuning> {
  const { tune: run } = await library();
  const { learner, options } = common(args, context);
  const { trials, seconds, strategy } = args.choice;
  const work = () =>
    run(theTable(), { ...options, learner, trials, strategy, ...(seconds !== null && { seconds }) });
  const done = await recordStudy('tune', args, context.signal, work, tuningKept);
  const { model, ...tuning } = done.found;
  session.tuned = { model, run: done.run };
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
  const { learningCurve: run } = await library();
  const { learner, options } = common(args, context);
  return run(theTable(), { ...options, learner });
}
