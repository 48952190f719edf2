import type { ClassificationReport } from 'hedgerow';
import { calibrationFinding, curveClasses, precisionFinding, rocFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import { classColour, DISTINCT } from '../lib/palette.ts';
import { ROOM } from './draw.ts';
import type { FigureProps, Legend, RowCell } from './kinds.ts';

interface Point {
  label: string;
  colour: string;
  x: number;
  y: number;
}

/** The drawn classes' curves with label and colour. */
function drawnCurves(report: ClassificationReport) {
  return curveClasses(report, DISTINCT).flatMap((index) => {
    const label = report.classes[index] ?? '';
    const curve = report.curves.find((one) => one.label === label);
    return curve ? [{ ...curve, label, colour: classColour(index), metrics: report.perClass[index] }] : [];
  });
}

function about(report: ClassificationReport, what: string, drawn: number): string {
  const left = report.classes.length - drawn;
  if (report.classes.length === 2 || left === 0) return what;
  return `${what} The ${drawn} hardest of ${report.classes.length} classes are drawn.`;
}

const share = { domain: [0, 1], tickFormat: '.0%', ticks: 5 } as const;

function scoreRows(head: string[], body: RowCell[][]) {
  return {
    head,
    body,
    format: (cell: RowCell) => (typeof cell === 'string' ? cell : format.score(cell)),
  };
}

export function roc(report: ClassificationReport): FigureProps {
  const curves = drawnCurves(report).filter((curve) => curve.roc !== null);
  const points: Point[] = curves.flatMap(({ label, colour, roc }) =>
    (roc?.falsePositiveRate ?? []).map((x, index) => ({
      label,
      colour,
      x,
      y: roc?.truePositiveRate[index] ?? 0,
    })),
  );
  return {
    title: rocFinding(report),
    about: about(report, 'ROC curve: what is found against false alarms, by threshold.', curves.length),
    legend: legend(curves.map((curve) => ({ ...curve, area: curve.roc?.area ?? null }))),
    picture: (Plot, width) => ({
      height: Math.min(360, width * 0.8),
      marginLeft: 48,
      ...ROOM,
      x: { ...share, label: 'False alarms, share of other rows' },
      y: { ...share, label: 'Found, share of the class', grid: true },
      marks: [
        Plot.line(
          [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
          { x: 'x', y: 'y', stroke: 'var(--strong-line)', strokeDasharray: '3 3' },
        ),
        Plot.line(points, { x: 'x', y: 'y', z: 'label', stroke: 'colour', strokeWidth: 2 }),
      ],
      color: { type: 'identity' },
    }),
    rows: scoreRows(
      ['Class', 'False alarms', 'Found'],
      points.map(({ label, x, y }) => [label, x, y]),
    ),
  };
}

export function precisionRecall(report: ClassificationReport): FigureProps {
  const curves = drawnCurves(report).filter((curve) => curve.precisionRecall !== null);
  const points: Point[] = curves.flatMap(({ label, colour, precisionRecall: curve }) =>
    (curve?.recall ?? []).map((x, index) => ({ label, colour, x, y: curve?.precision[index] ?? 0 })),
  );
  return {
    title: precisionFinding(report),
    about: about(report, 'Precision against recall, by threshold.', curves.length),
    legend: legend(
      curves.map((curve) => ({ ...curve, area: curve.precisionRecall?.averagePrecision ?? null })),
    ),
    picture: (Plot, width) => ({
      height: Math.min(360, width * 0.8),
      marginLeft: 48,
      ...ROOM,
      x: { ...share, label: 'Recall: found, share of the class' },
      y: { ...share, label: 'Precision: right, share of those called so', grid: true },
      marks: [Plot.line(points, { x: 'x', y: 'y', z: 'label', stroke: 'colour', strokeWidth: 2 })],
      color: { type: 'identity' },
    }),
    rows: scoreRows(
      ['Class', 'Recall', 'Precision'],
      points.map(({ label, x, y }) => [label, x, y]),
    ),
  };
}

export function calibration(report: ClassificationReport): FigureProps {
  const curves = drawnCurves(report);
  const bins = curves.flatMap(({ label, colour, calibration: all }) =>
    all
      .filter(({ count }) => count > 0)
      .map((bin) => ({
        label,
        colour,
        x: bin.meanPredicted ?? 0,
        y: bin.fractionPositive ?? 0,
        count: bin.count,
      })),
  );
  return {
    title: calibrationFinding(curves.map((curve) => curve.calibration)),
    about: about(
      report,
      'Calibration: what is predicted against what happens; larger dots are more rows.',
      curves.length,
    ),
    legend: curves.map(({ label, colour }) => ({ label, colour, value: '' })),
    picture: (Plot, width) => ({
      height: Math.min(360, width * 0.8),
      marginLeft: 48,
      ...ROOM,
      x: { ...share, label: 'Predicted probability' },
      y: { ...share, label: 'Share that is so', grid: true },
      r: { range: [2, 9] },
      marks: [
        Plot.line(
          [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
          { x: 'x', y: 'y', stroke: 'var(--strong-line)', strokeDasharray: '3 3' },
        ),
        Plot.line(bins, {
          x: 'x',
          y: 'y',
          z: 'label',
          stroke: 'colour',
          strokeWidth: 1.5,
          strokeOpacity: 0.6,
        }),
        Plot.dot(bins, { x: 'x', y: 'y', r: 'count', fill: 'colour', fillOpacity: 0.85 }),
      ],
      color: { type: 'identity' },
    }),
    rows: {
      head: ['Class', 'Predicted', 'Share that is so', 'Rows'],
      body: bins.map(({ label, x, y, count }) => [label, x, y, count]),
      format: (cell, place) =>
        typeof cell === 'string' ? cell : place === 3 ? format.count(cell ?? 0) : format.score(cell),
    },
  };
}

function legend(curves: { label: string; colour: string; area: number | null }[]): Legend {
  return curves.map(({ label, colour, area }) => ({ label, colour, value: format.score(area) }));
}
