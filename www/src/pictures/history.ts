import { historyFinding } from '../lib/findings.ts';
import { type CurveLine, groupedLines } from '../lib/run-curves.ts';
import { scoreLabel, stepWords } from '../lib/steps.ts';
import type { ModelFacts } from '../worker/protocol.ts';
import type { FigureProps } from './kinds.ts';
import { stepLines } from './step-lines.ts';

/** How the scores went while the model was trained, where the model remembers: losses in one picture, what is
 * better large in another, since they share no scale. */
export function trainingHistory({ info }: ModelFacts): FigureProps[] {
  const { history = {}, learner } = info.provenance;
  const lines = Object.entries(history)
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => lineOf(name, values))
    // What was not learned from comes first: it is what counts.
    .sort((a, b) => Number(watched(b)) - Number(watched(a)));
  const { step } = stepWords(learner.kind);
  return groupedLines(lines).map((group) => {
    const labels = group.map(({ label }) => label.toLowerCase());
    return stepLines(group, {
      title: historyFinding(
        group.map(({ metric, label }) => ({ name: metric, label, values: history[metric] ?? [] })),
        step,
      ),
      about: `Training: ${labels.join(' and ')} by ${step}.`,
      step,
    });
  });
}

function lineOf(name: string, values: number[]): CurveLine {
  const points = values.map((value, index) => ({ step: index + 1, value }));
  return { metric: name, label: scoreLabel(name), points };
}

function watched({ metric }: CurveLine): boolean {
  return metric.startsWith('validation');
}
