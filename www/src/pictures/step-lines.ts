import * as format from '../lib/format.ts';
import { lineColour } from '../lib/palette.ts';
import type { CurveLine } from '../lib/run-curves.ts';
import { runMetricText } from '../lib/run-facts.ts';
import { ROOM } from './draw.ts';
import type { FigureProps, RowCell } from './kinds.ts';

/** More rows than these of the table behind it help nobody. */
const MOST_ROWS = 500;

/** With no more points than these, it is seen where they are. */
const MOST_DOTS = 30;

interface About {
  title: string;
  about: string;
  /** What one step is called. */
  step?: string;
}

/** Lines over steps on one scale. */
export function stepLines(lines: CurveLine[], { title, about, step = 'step' }: About): FigureProps {
  const coloured = lines.map((line, index) => ({ ...line, colour: lineColour(index), place: index }));
  const points = coloured.flatMap(({ colour, place, points }) =>
    points.map(({ step, value }) => ({ place, colour, step, value })),
  );
  const steps = [...new Set(points.map(({ step }) => step))].sort((a, b) => a - b);
  const values = lines.map(({ points }) => new Map(points.map(({ step, value }) => [step, value])));
  return {
    title,
    about,
    legend: coloured.map(({ label, colour, metric, points }) => ({
      label,
      colour,
      value: runMetricText(metric, points.at(-1)?.value ?? null),
    })),
    picture: (Plot, width) => ({
      height: Math.min(320, width * 0.7),
      marginLeft: 56,
      ...ROOM,
      x: { label: format.plural(step), ticks: 5 },
      y: { label: null, ticks: 5, grid: true, nice: true },
      marks: [
        Plot.line(points, { x: 'step', y: 'value', z: 'place', stroke: 'colour', strokeWidth: 2 }),
        Plot.dot(steps.length > MOST_DOTS ? [] : points, { x: 'step', y: 'value', r: 3, fill: 'colour' }),
      ],
      color: { type: 'identity' },
    }),
    rows: {
      head: [format.capital(step), ...lines.map(({ label }) => label)],
      body: steps
        .slice(0, MOST_ROWS)
        .map((step): RowCell[] => [step, ...values.map((of) => of.get(step) ?? null)]),
      format: (cell, place) =>
        place === 0
          ? format.count(Number(cell))
          : runMetricText(lines[place - 1]?.metric ?? '', cell as number | null),
    },
  };
}
