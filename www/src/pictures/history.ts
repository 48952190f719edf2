import { historyFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import { lineColour } from '../lib/palette.ts';
import { higherIsBetter, scoreLabel, scoreText, stepWords } from '../lib/steps.ts';
import type { ModelFacts } from '../worker/protocol.ts';
import type { FigureProps } from './kinds.ts';

/** More rows than these of the table behind it help nobody. */
const MOST_ROWS = 500;

interface Line {
  name: string;
  label: string;
  values: number[];
}

/** How the scores went while the model was trained, where the model remembers: losses in one picture, what is
 * better large in another, since they share no scale. */
export function trainingHistory({ info }: ModelFacts): FigureProps[] {
  const { history = {}, learner } = info.provenance;
  const lines = Object.entries(history)
    .filter(([, values]) => values.length > 1)
    .map(([name, values]) => ({ name, values, label: scoreLabel(name) }))
    // What was not learned from comes first: it is what counts.
    .sort((a, b) => Number(watched(b)) - Number(watched(a)));
  const { step } = stepWords(learner.kind);
  return [true, false]
    .map((large) => lines.filter(({ name }) => higherIsBetter(name) === large))
    .filter((group) => group.length > 0)
    .map((group) => picture(group, step));
}

function watched({ name }: Line): boolean {
  return name.startsWith('validation');
}

function picture(lines: Line[], step: string): FigureProps {
  const coloured = lines.map((line, index) => ({ ...line, colour: lineColour(index) }));
  const points = coloured.flatMap(({ label, colour, values }) =>
    values.map((value, index) => ({ label, colour, step: index + 1, value })),
  );
  const steps = Math.max(...lines.map(({ values }) => values.length));
  return {
    title: historyFinding(lines, step),
    about: `Training: ${lines.map(({ label }) => label.toLowerCase()).join(' and ')} by ${step}.`,
    legend: coloured.map(({ name, label, colour, values }) => ({
      label,
      colour,
      value: scoreText(name, values.at(-1)),
    })),
    picture: (Plot, width) => ({
      height: Math.min(320, width * 0.7),
      marginLeft: 56,
      marginTop: 28,
      marginBottom: 46,
      x: { label: format.plural(step), labelArrow: 'none', ticks: 5, domain: [1, steps] },
      y: { label: null, ticks: 5, grid: true, nice: true },
      marks: [Plot.line(points, { x: 'step', y: 'value', z: 'label', stroke: 'colour', strokeWidth: 2 })],
      color: { type: 'identity' },
    }),
    rows: {
      head: [format.capital(step), ...lines.map(({ label }) => label)],
      body: Array.from({ length: Math.min(steps, MOST_ROWS) }, (_, index) => [
        index + 1,
        ...lines.map(({ values }) => values[index] ?? null),
      ]),
      format: (cell, place) =>
        place === 0
          ? format.count(Number(cell))
          : scoreText(lines[place - 1]?.name ?? '', cell as number | null),
    },
  };
}
