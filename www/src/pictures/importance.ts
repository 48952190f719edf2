import { importanceFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import type { Importance } from '../worker/protocol.ts';
import { labelRoom, type Picture, ROOM, shortened } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** More bars than these are only in the table. */
const MOST_BARS = 20;

interface Bar {
  name: string;
  value: number;
  std: number;
}

function bars(all: Bar[], label: string): Picture {
  const drawn = all.slice(0, MOST_BARS);
  const labels = drawn.map(({ name }) => shortened(name, 18));
  return (Plot) => ({
    height: 52 + Math.max(4, drawn.length) * 22,
    marginLeft: labelRoom(labels, 160),
    marginBottom: ROOM.marginBottom,
    x: { label, ticks: 4, grid: true },
    y: {
      domain: drawn.map(({ name }) => name),
      tickFormat: (name: string) => shortened(name, 18),
      label: null,
      tickSize: 0,
    },
    marks: [
      Plot.barX(drawn, { x: 'value', y: 'name', fill: 'var(--accent)', insetTop: 2, insetBottom: 2 }),
      Plot.ruleY(
        drawn.filter(({ std }) => std > 0),
        {
          y: 'name',
          x1: (bar: Bar) => bar.value - bar.std,
          x2: (bar: Bar) => bar.value + bar.std,
          stroke: 'var(--ink)',
        },
      ),
      Plot.ruleX([0], { stroke: 'var(--strong-line)' }),
    ],
  });
}

function sorted(all: Bar[]): Bar[] {
  return [...all].sort((a, b) => b.value - a.value);
}

export function permutationImportance(importance: Importance, metric: string): FigureProps {
  const all = sorted(importance.columns.map(({ column, mean, std }) => ({ name: column, value: mean, std })));
  const names = all.map(({ name }) => name);
  const values = all.map(({ value }) => value);
  return {
    title: importanceFinding(names, values, 'shuffled'),
    about: `Permutation importance: how much worse ${metric} gets when a column is shuffled, and how much that varies.`,
    picture: bars(all, `Loss of ${metric}`),
    rows: {
      head: ['Column', 'Loss', 'Standard deviation'],
      body: all.map(({ name, value, std }) => [name, value, std]),
      format: (cell) => (typeof cell === 'string' ? cell : format.number(cell)),
    },
  };
}

export function impurityImportance(names: string[], values: number[]): FigureProps {
  const all = sorted(names.map((name, index) => ({ name, value: values[index] ?? 0, std: 0 })));
  return {
    title: importanceFinding(names, values, 'splits'),
    about: 'Impurity importance: each column’s share of what the splits gained in training.',
    picture: bars(all, 'Share of the gain'),
    rows: {
      head: ['Column', 'Share'],
      body: all.map(({ name, value }) => [name, value]),
      format: (cell) => (typeof cell === 'string' ? cell : format.percent(cell)),
    },
  };
}
