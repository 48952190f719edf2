/** How a column's values are spread, now against training. */
import type { ColumnDrift } from 'hedgerow/monitor';
import { besideOf, columnFinding } from '../lib/drift.ts';
import * as format from '../lib/format.ts';
import { labelRoom, ROOM, shortened } from './draw.ts';
import type { FigureProps, Legend, RowCell } from './kinds.ts';

const THEN = 'var(--bar)';
const NOW = 'var(--accent)';

/** Training is what stands behind, in a light colour; what is new stands before it, in a dark one. */
export function driftPicture(column: ColumnDrift): FigureProps {
  const { edges } = column.picture;
  return {
    title: columnFinding(column),
    about: edges
      ? 'Share of the rows with a value, now and before. What lies beyond the ends is in the outer bars.'
      : 'Share of the rows with a value, by word, now and before.',
    legend: legendOf(column),
    ...(edges ? numbers(column, edges) : words(column)),
  };
}

function legendOf(column: ColumnDrift): Legend {
  const { reference, current } = column.picture;
  return [
    { label: besideOf(column), colour: THEN, value: format.counted(reference.rows, 'row') },
    { label: 'Now', colour: NOW, value: format.counted(current.rows, 'row') },
  ];
}

const percent = (share: number) => format.percent(share);

function numbers(column: ColumnDrift, edges: number[]): Pick<FigureProps, 'picture' | 'rows'> {
  const { reference, current } = column.picture;
  const bars = edges.slice(1).map((to, index) => ({
    from: edges[index] ?? to,
    to,
    before: reference.shares[index] ?? 0,
    now: current.shares[index] ?? 0,
  }));
  return {
    picture: (Plot, width) => ({
      height: Math.min(280, width * 0.6),
      marginLeft: 56,
      ...ROOM,
      x: { label: 'Value', ticks: 5, tickFormat: format.tick },
      y: { label: 'Share of rows', ticks: 4, tickFormat: percent, grid: true, nice: true },
      marks: [
        Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'before', fill: THEN, insetLeft: 0.5, insetRight: 0.5 }),
        Plot.rectY(bars, {
          x1: 'from',
          x2: 'to',
          y: 'now',
          fill: NOW,
          insetLeft: width / bars.length / 4,
          insetRight: width / bars.length / 4,
        }),
        Plot.ruleY([0], { stroke: 'var(--strong-line)' }),
      ],
    }),
    rows: {
      head: ['From', 'To', besideOf(column), 'Now'],
      body: bars.map(({ from, to, before, now }): RowCell[] => [from, to, before, now]),
      format: (cell, place) => (place < 2 ? format.number(Number(cell)) : format.percent(Number(cell))),
    },
  };
}

function words(column: ColumnDrift): Pick<FigureProps, 'picture' | 'rows'> {
  const { reference, current, words: known = [] } = column.picture;
  // What is beyond the words that are named stands last, where there is any.
  const names = [...known, 'any other'];
  const bars = names
    .map((name, index) => ({
      name,
      before: reference.shares[index] ?? 0,
      now: current.shares[index] ?? 0,
    }))
    .filter(({ name, before, now }, index) => index < names.length - 1 || (name !== '' && before + now > 0));
  const domain = bars.map(({ name }) => name);
  return {
    picture: (Plot) => ({
      height: 56 + Math.max(3, bars.length) * 26,
      marginLeft: labelRoom(
        domain.map((name) => shortened(name, 18)),
        160,
      ),
      marginBottom: ROOM.marginBottom,
      x: { label: 'Share of rows', ticks: 4, tickFormat: percent, grid: true },
      y: { domain, tickFormat: (name: string) => shortened(name, 18), label: null, tickSize: 0 },
      marks: [
        Plot.barX(bars, { x: 'before', y: 'name', fill: THEN, insetTop: 2, insetBottom: 2 }),
        Plot.barX(bars, { x: 'now', y: 'name', fill: NOW, insetTop: 7, insetBottom: 7 }),
        Plot.ruleX([0], { stroke: 'var(--strong-line)' }),
      ],
    }),
    rows: {
      head: ['Word', besideOf(column), 'Now'],
      body: bars.map(({ name, before, now }): RowCell[] => [name, before, now]),
      format: (cell) => (typeof cell === 'string' ? cell : format.percent(cell)),
    },
  };
}
