import type { Comparison } from 'hedgerow/track';
import { lineColour } from '../lib/palette.ts';
import { axesOf } from '../lib/parallel.ts';
import { shortened } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** Pixels that an axis needs beside the next, those left and right of all of them, and those of a letter. */
const ROOM = 92;
const MARGIN = { left: 36, right: 60 };
const LETTER = 7;

/** Each run as a line over what differs and what came of it. */
export function parallelPicture(comparison: Comparison, names: string[], finding: string): FigureProps {
  const all = axesOf(comparison, 40);
  return {
    title: finding,
    about: 'Each line is a run: its parameters that differ, and its scores. Every axis has its own scale.',
    wide: true,
    legend: names.map((label, index) => ({ label, colour: lineColour(index), value: '' })),
    picture: (Plot, width) => {
      const axes = axesOf(comparison, Math.max(2, Math.floor(width / ROOM)));
      // A point scale leaves half a step free at both ends.
      const apart = (width - MARGIN.left - MARGIN.right) / axes.length;
      const letters = Math.max(6, Math.floor(apart / LETTER));
      const points = axes.flatMap(({ places }, axis) =>
        places.flatMap((place, run) =>
          place === null ? [] : [{ axis, place, run, colour: lineColour(run) }],
        ),
      );
      const ticks = axes.flatMap(({ ticks }, axis) => ticks.map(({ at, text }) => ({ axis, at, text })));
      return {
        height: 300,
        marginLeft: MARGIN.left,
        marginRight: MARGIN.right,
        marginTop: 20,
        marginBottom: 46,
        x: {
          type: 'point',
          domain: axes.map((_, index) => index),
          tickFormat: (index: number) => shortened(axes[index]?.label ?? '', letters),
          label: null,
          tickSize: 0,
        },
        y: { domain: [0, 1], axis: null },
        marks: [
          Plot.ruleX(
            axes.map((_, index) => index),
            { stroke: 'var(--strong-line)' },
          ),
          Plot.line(points, { x: 'axis', y: 'place', z: 'run', stroke: 'colour', strokeWidth: 2 }),
          Plot.dot(points, { x: 'axis', y: 'place', r: 3.5, fill: 'colour' }),
          Plot.text(ticks, {
            x: 'axis',
            y: 'at',
            text: ({ text }) => shortened(text, letters - 2),
            dx: 7,
            textAnchor: 'start',
            fill: 'var(--soft)',
            stroke: 'var(--raised)',
            strokeWidth: 3,
          }),
        ],
        color: { type: 'identity' },
      };
    },
    rows: {
      head: ['Run', ...all.map(({ label }) => label)],
      body: names.map((name, run) => [name, ...all.map(({ texts }) => texts[run] ?? '–')]),
      format: (cell) => String(cell ?? '–'),
    },
  };
}
