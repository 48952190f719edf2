import * as format from '../lib/format.ts';
import { metricLabel, metricText } from '../lib/metrics.ts';
import { lineColour } from '../lib/palette.ts';
import { curveFinding } from '../lib/standings.ts';
import type { LearningCurve } from '../worker/protocol.ts';
import { ROOM } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** Score by number of rows trained on: on those rows, and on rows kept out. */
export function learningCurve(curve: LearningCurve): FigureProps {
  const lines = [
    { label: 'On rows kept out', colour: lineColour(0), of: 'validation' },
    { label: 'On the rows trained on', colour: lineColour(1), of: 'train' },
  ] as const;
  const points = lines.flatMap(({ label, colour, of }) =>
    curve.points.flatMap((point) => {
      // All that are better large are at most 1.
      const estimate = point[of];
      if (!estimate) return [];
      const { mean, std } = estimate;
      const high = Math.min(mean + std, curve.higherIsBetter ? 1 : Infinity);
      return [{ label, colour, rows: point.trainRows, mean, low: mean - std, high }];
    }),
  );
  const name = metricLabel(curve.metric);
  return {
    title: curveFinding(curve),
    about: `${name} by number of rows trained on; the bands are one standard deviation between the folds.`,
    legend: lines.map(({ label, colour }) => ({ label, colour, value: '' })),
    picture: (Plot, width) => ({
      height: Math.min(340, width * 0.7),
      marginLeft: 52,
      ...ROOM,
      x: { label: 'Rows trained on', ticks: 5, nice: true },
      y: { label: name, ticks: 5, grid: true, nice: true },
      marks: [
        Plot.areaY(points, {
          x: 'rows',
          y1: 'low',
          y2: 'high',
          z: 'label',
          fill: 'colour',
          fillOpacity: 0.15,
        }),
        Plot.line(points, { x: 'rows', y: 'mean', z: 'label', stroke: 'colour', strokeWidth: 2 }),
        Plot.dot(points, { x: 'rows', y: 'mean', r: 3, fill: 'colour' }),
      ],
      color: { type: 'identity' },
    }),
    rows: {
      head: ['Rows', 'Kept out', 'Spread, kept out', 'Trained on', 'Spread, trained on'],
      body: curve.points.map(({ trainRows, validation, train }) => [
        trainRows,
        validation?.mean ?? null,
        validation?.std ?? null,
        train?.mean ?? null,
        train?.std ?? null,
      ]),
      format: (cell, place) =>
        place === 0 ? format.count(Number(cell)) : metricText(curve.metric, cell as number | null),
    },
  };
}
