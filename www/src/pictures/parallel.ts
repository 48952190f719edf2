import type { Comparison } from 'hedgerow/track';
import { lineColour } from '../lib/palette.ts';
import { axesOf } from '../lib/parallel.ts';
import { shortened } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** Pixels that an axis needs beside the next, those at the sides, and those of a letter. */
const APART = 104;
const SIDE = 12;
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
      const axes = axesOf(comparison, Math.max(2, Math.floor(width / APART)));
      // A point scale leaves half a step free at both ends.
      const apart = (width - 2 * SIDE) / axes.length;
      const letters = Math.floor(apart / LETTER);
      const points = axes.flatMap(({ places }, axis) =>
        places.flatMap((place, run) =>
          place === null ? [] : [{ axis, place, run, colour: lineColour(run) }],
        ),
      );
      const ticks = axes.flatMap(({ ticks }, axis) =>
        ticks.map(({ at, text }) => ({ axis, at, text: shortened(text, letters - 2) })),
      );
      const text = { x: 'axis', y: 'at', text: 'text', fill: 'var(--soft)' } as const;
      const names = axes.map(({ label }, axis) => ({
        axis,
        at: 1,
        text: label
          .split(' ')
          .map((word) => shortened(word, letters))
          .join(' '),
      }));
      return {
        height: 330,
        marginLeft: SIDE,
        marginRight: SIDE,
        // Names of up to three lines above the largest values, the smallest below.
        marginTop: 70,
        marginBottom: 28,
        x: { type: 'point', domain: axes.map((_, index) => index), axis: null },
        y: { domain: [0, 1], axis: null },
        marks: [
          Plot.ruleX(
            axes.map((_, index) => index),
            { stroke: 'var(--strong-line)' },
          ),
          Plot.line(points, { x: 'axis', y: 'place', z: 'run', stroke: 'colour', strokeWidth: 2 }),
          Plot.dot(points, { x: 'axis', y: 'place', r: 3.5, fill: 'colour' }),
          Plot.text(names, {
            ...text,
            dy: -26,
            lineAnchor: 'bottom',
            lineWidth: apart / 13,
            fill: 'var(--ink)',
          }),
          // Ends of an axis stand beyond it, where no line goes; what is between them, beside it.
          Plot.text(
            ticks.filter(({ at }) => at === 1),
            { ...text, dy: -14 },
          ),
          Plot.text(
            ticks.filter(({ at }) => at === 0),
            { ...text, dy: 14 },
          ),
          Plot.text(
            ticks.filter(({ at }) => at > 0 && at < 1),
            { ...text, dx: 7, textAnchor: 'start', stroke: 'var(--raised)', strokeWidth: 4 },
          ),
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
