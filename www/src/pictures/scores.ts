import { type Anomalies, anomalyFinding } from '../lib/anomalies.ts';
import * as format from '../lib/format.ts';
import { ROOM } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** How many rows have which anomaly score. */
export function scoreHistogram(found: Anomalies): FigureProps {
  const width = 1 / found.counts.length;
  const bins = found.counts.map((rows, index) => ({ from: index * width, to: (index + 1) * width, rows }));
  const used = bins.filter(({ rows }) => rows > 0);
  return {
    title: anomalyFinding(found),
    about: `Rows by anomaly score. Right of the line, from ${format.number(found.threshold)} on, are anomalies.`,
    picture: (Plot, across) => ({
      height: Math.min(320, across * 0.6),
      marginLeft: 60,
      ...ROOM,
      x: { label: 'Anomaly score', ticks: 5 },
      y: { label: 'Rows', ticks: 5, grid: true },
      marks: [
        Plot.rectY(used, { x1: 'from', x2: 'to', y: 'rows', fill: 'var(--bar)', inset: 0.25 }),
        Plot.ruleX([found.threshold], { stroke: 'var(--ink)', strokeDasharray: '3 3' }),
        Plot.ruleY([0], { stroke: 'var(--strong-line)' }),
      ],
    }),
    rows: {
      head: ['From', 'To', 'Rows'],
      body: used.map(({ from, to, rows }) => [from, to, rows]),
      format: (value, place) => (place === 2 ? format.count(Number(value)) : format.number(Number(value))),
    },
    wide: true,
  };
}
