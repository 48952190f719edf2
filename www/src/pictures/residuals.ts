import type { RegressionReport } from 'hedgerow';
import { residualFinding, scatterFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import { ROOM } from './draw.ts';
import type { FigureProps, RowCell } from './kinds.ts';

function cell(value: RowCell): string {
  return typeof value === 'string' ? value : format.number(value);
}

export function predictedActual(report: RegressionReport): FigureProps {
  const { actual, predicted, rows } = report.residuals.scatter;
  const points = actual.map((x, index) => ({ x, y: predicted[index] ?? 0, row: rows[index] ?? 0 }));
  const low = Math.min(...actual);
  const high = Math.max(...actual);
  const sample =
    points.length < report.rows ? ` A sample of ${format.count(points.length)} rows is drawn.` : '';
  return {
    title: scatterFinding(report),
    about: `Predicted against actual ${report.target}; on the line they agree.${sample}`,
    picture: (Plot, width) => ({
      height: Math.min(420, width * 0.8),
      marginLeft: 60,
      ...ROOM,
      x: { label: `Actual ${report.target}`, ticks: 5, nice: true },
      y: { label: `Predicted ${report.target}`, ticks: 6, nice: true, grid: true },
      marks: [
        Plot.dot(points, { x: 'x', y: 'y', r: 2, fill: 'var(--accent)', fillOpacity: 0.35 }),
        Plot.line(
          [
            { x: low, y: low },
            { x: high, y: high },
          ],
          { x: 'x', y: 'y', stroke: 'var(--ink)', strokeDasharray: '3 3' },
        ),
      ],
    }),
    rows: {
      head: ['Row', 'Actual', 'Predicted'],
      body: points.slice(0, 500).map(({ row, x, y }) => [row + 1, x, y]),
      format: (value, place) => (place === 0 ? format.count(Number(value)) : cell(value)),
    },
  };
}

export function residualHistogram(report: RegressionReport): FigureProps {
  const { edges, counts } = report.residuals.histogram;
  const bins = counts.map((rows, index) => ({ from: edges[index] ?? 0, to: edges[index + 1] ?? 0, rows }));
  return {
    title: residualFinding(report),
    about: `Errors: actual minus predicted ${report.target}. Right of 0 the prediction was too low.`,
    picture: (Plot, width) => ({
      height: Math.min(420, width * 0.8),
      marginLeft: 60,
      ...ROOM,
      x: { label: `Error in ${report.target}`, ticks: 5 },
      y: { label: 'Rows', ticks: 5, grid: true },
      marks: [
        Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'rows', fill: 'var(--bar)', inset: 0.25 }),
        Plot.ruleX([0], { stroke: 'var(--ink)', strokeDasharray: '3 3' }),
        Plot.ruleY([0], { stroke: 'var(--strong-line)' }),
      ],
    }),
    rows: {
      head: ['From', 'To', 'Rows'],
      body: bins.map(({ from, to, rows }) => [from, to, rows]),
      format: (value, place) => (place === 2 ? format.count(Number(value)) : cell(value)),
    },
  };
}
