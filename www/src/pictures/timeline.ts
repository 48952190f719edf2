/** Drift over time. */
import type { ColumnDrift } from 'hedgerow/monitor';
import { keyOf, testText, titleOf } from '../lib/drift.ts';
import * as format from '../lib/format.ts';
import { lowerIsBetter } from '../lib/metrics.ts';
import { knownOf, mainMetric } from '../lib/performance.ts';
import { runMetricLabel, runMetricText } from '../lib/run-facts.ts';
import { columnAt, shortNames, type TimePoint } from '../lib/timeline.ts';
import { ROOM } from './draw.ts';
import type { FigureProps, RowCell } from './kinds.ts';

/** The share of features that drifted, point by point. */
export function shareLine(points: TimePoint[], threshold: number): FigureProps {
  const values = points.map((point) => ({ ...point, value: point.report.driftedShare }));
  const [worst] = [...values].sort((a, b) => b.value - a.value);
  const title = worst
    ? `Most features drifted in ${worst.name}: ${format.percent(worst.value)}`
    : 'Nothing to compare';
  return line(values, {
    title,
    about: 'Share of features that drifted. The dashed line is where the data counts as drifted.',
    label: 'Drifted features',
    threshold,
    text: (value) => format.percent(value),
    from: 0,
    to: 1,
  });
}

/** The score of a column's test, point by point. */
export function scoreLine(points: TimePoint[], column: ColumnDrift): FigureProps {
  const key = keyOf(column);
  const values = points.flatMap((point) => {
    const at = columnAt(point, key);
    return at?.score === undefined ? [] : [{ ...point, value: at.score, drifted: at.drifted ?? false }];
  });
  const drifted = values.filter((value) => value.drifted).length;
  return line(values, {
    title: `${titleOf(column)} drifted in ${format.count(drifted)} of ${format.count(points.length)}`,
    about: `${testText(column.test)}. The dashed line is the threshold.`,
    label: testText(column.test),
    threshold: column.threshold ?? 0,
    text: (value) => format.number(value),
  });
}

/** The metric that counts, point by point; nothing where fewer than two points tell one. */
export function metricLine(points: TimePoint[]): FigureProps[] {
  const values = points.flatMap((point) => {
    const known = knownOf(point.report);
    const metric = known && mainMetric(known.performance);
    return metric ? [{ ...point, value: metric.value, band: metric.band, metric, known }] : [];
  });
  const [first] = values;
  if (!first || values.length < 2) return [];
  const { name, reference } = first.metric;
  const isWorst = (a: number, b: number) => (lowerIsBetter(name) ? a > b : a < b);
  const worst = values.reduce((so, one) => (isWorst(one.value, so.value) ? one : so));
  const text = (value: number) => runMetricText(name, value);
  const isExpected = values.some(({ known }) => known.isExpected);
  return [
    line(values, {
      title: `${runMetricLabel(name)} is worst in ${worst.name}: ${text(worst.value)}`,
      about: [
        `${isExpected ? 'Expected where the target is not known' : 'Of rows whose target is known'}, with 95\u00a0% intervals.`,
        ...(reference === undefined ? [] : ['The dashed line is that of the rows kept out of training.']),
      ].join(' '),
      label: runMetricLabel(name),
      threshold: reference,
      text,
      close: true,
    }),
  ];
}

interface Value extends TimePoint {
  value: number;
  band?: [number, number] | undefined;
}

interface Line {
  title: string;
  about: string;
  label: string;
  threshold: number | undefined;
  text(value: number): string;
  from?: number;
  to?: number;
  /** The axis is about what is drawn, and need not begin at 0. */
  close?: boolean;
}

/** Ends of the axis. */
function domainOf(values: Value[], { threshold, from = 0, to, close = false }: Line): [number, number] {
  const drawn = values.flatMap(({ value, band }) => band ?? [value]);
  if (threshold !== undefined) drawn.push(threshold);
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const room = (high - low || Math.abs(high) || 1) / 4;
  return close ? [low - room, high + room] : [from, to ?? Math.max(high, 0) * 1.08];
}

/** Pixels beside what is drawn. */
const [LEFT, RIGHT] = [56, 24];

function line(values: Value[], asked: Line): FigureProps {
  const { title, about, label, threshold, text } = asked;
  const isTimed = values.every(({ at }) => at !== null);
  const ticks = (width: number) =>
    shortNames(
      values.map(({ name }) => name),
      Math.max(4, Math.floor((width - LEFT - RIGHT) / values.length / 7.5)),
    );
  const drawn = values.map(({ name, at, value, band }) => ({
    x: isTimed ? new Date(at ?? 0) : name,
    value,
    low: band?.[0] ?? value,
    high: band?.[1] ?? value,
    colour: 'var(--accent)',
  }));
  return {
    title,
    about,
    picture: (Plot, width) => ({
      height: Math.min(260, width * 0.6),
      marginLeft: LEFT,
      marginRight: RIGHT,
      ...ROOM,
      x: isTimed
        ? { type: 'utc', label: 'Time', ticks: Math.min(6, values.length) }
        : {
            type: 'point',
            domain: values.map(({ name }) => name),
            label: null,
            tickFormat: (_: string, index: number) => ticks(width)[index] ?? '',
          },
      y: { label: null, domain: domainOf(values, asked), ticks: 4, tickFormat: text, grid: true },
      marks: [
        Plot.areaY(drawn, { x: 'x', y1: 'low', y2: 'high', fill: 'var(--accent)', fillOpacity: 0.18 }),
        Plot.ruleY(threshold === undefined ? [] : [threshold], {
          stroke: 'var(--bad)',
          strokeDasharray: '4 3',
        }),
        Plot.line(drawn, { x: 'x', y: 'value', stroke: 'colour', strokeWidth: 2 }),
        Plot.dot(drawn, { x: 'x', y: 'value', r: 3.5, fill: 'colour' }),
      ],
      color: { type: 'identity' },
    }),
    rows: {
      head: ['Rows', ...(isTimed ? ['Time'] : []), label],
      body: values.map(({ name, at, value }): RowCell[] => [name, ...(isTimed ? [at] : []), value]),
      format: (cell, place) => {
        if (typeof cell === 'string') return cell;
        return isTimed && place === 1 ? format.date(Number(cell)) : text(Number(cell));
      },
    },
  };
}
