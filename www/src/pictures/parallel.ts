import type { Comparison } from 'hedgerow/track';
import { lineColour } from '../lib/palette.ts';
import { type Axis, axesOf, onLines } from '../lib/parallel.ts';
import { type Picture, shortened } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** Pixels that an axis needs beside the next, those at the sides, those of a letter and of a line of text. */
const APART = 104;
const SIDE = 12;
const LETTER = 7;
const LINE = 12;

/** Pixels from the lowest to the highest place. */
const TALL = 240;

/** Each run as a line over what differs and what came of it. */
export function parallelPicture(comparison: Comparison, names: string[], finding: string): FigureProps {
  const all = axesOf(comparison, 40);
  return {
    title: finding,
    about: 'Each line is a run: its parameters that differ, and its scores. Every axis has its own scale.',
    wide: true,
    legend: names.map((label, index) => ({ label, colour: lineColour(index), value: '' })),
    picture: (plot, width) => drawn(axesOf(comparison, Math.max(2, Math.floor(width / APART))))(plot, width),
    rows: {
      head: ['Run', ...all.map(({ label }) => label)],
      body: names.map((name, run) => [name, ...all.map(({ texts }) => texts[run] ?? '–')]),
      format: (cell) => String(cell ?? '–'),
    },
  };
}

/** What is written at an axis: its name, its ends and what is between them, each on lines that fit. */
function written(axes: Axis[], letters: number) {
  const ticks = axes.flatMap(({ ticks }, axis) =>
    ticks.map(({ at, text }) => {
      const inside = at > 0 && at < 1;
      return { axis, at, lines: inside ? [shortened(text, letters - 2)] : onLines(text, letters) };
    }),
  );
  const top = (of: number) => ticks.find(({ axis, at }) => axis === of && at === 1)?.lines.length ?? 0;
  const names = axes.map(({ label }, axis) => ({
    axis,
    at: 1,
    lines: onLines(label, letters),
    above: top(axis),
  }));
  const high = Math.max(...names.map(({ lines, above }) => lines.length + above));
  const low = Math.max(1, ...ticks.filter(({ at }) => at === 0).map(({ lines }) => lines.length));
  return { ticks, names, high, low };
}

function drawn(axes: Axis[]): Picture {
  return (Plot, width) => {
    // A point scale leaves half a step free at both ends.
    const letters = Math.floor((width - 2 * SIDE) / axes.length / LETTER);
    const { ticks, names, high, low } = written(axes, letters);
    const points = axes.flatMap(({ places }, axis) =>
      places.flatMap((place, run) => (place === null ? [] : [{ axis, place, run, colour: lineColour(run) }])),
    );
    const places = axes.map((_, index) => index);
    const text = {
      x: 'axis',
      y: 'at',
      text: ({ lines }: { lines: string[] }) => lines.join('\n'),
      fill: 'var(--soft)',
    } as const;
    const [marginTop, marginBottom] = [18 + high * LINE, 16 + low * LINE];
    return {
      height: TALL + marginTop + marginBottom,
      marginLeft: SIDE,
      marginRight: SIDE,
      marginTop,
      marginBottom,
      x: { type: 'point', domain: places, axis: null },
      y: { domain: [0, 1], axis: null },
      marks: [
        Plot.ruleX(places, { stroke: 'var(--strong-line)' }),
        Plot.line(points, { x: 'axis', y: 'place', z: 'run', stroke: 'colour', strokeWidth: 2 }),
        Plot.dot(points, { x: 'axis', y: 'place', r: 3.5, fill: 'colour' }),
        // Ends of an axis stand beyond it, where no line goes, its name above; what is between them, beside it.
        ...[0, 1, 2, 3].map((lines) =>
          Plot.text(
            names.filter(({ above }) => above === lines),
            { ...text, dy: -14 - lines * LINE, lineAnchor: 'bottom', fill: 'var(--ink)' },
          ),
        ),
        Plot.text(
          ticks.filter(({ at }) => at === 1),
          { ...text, dy: -8, lineAnchor: 'bottom' },
        ),
        Plot.text(
          ticks.filter(({ at }) => at === 0),
          { ...text, dy: 8, lineAnchor: 'top' },
        ),
        Plot.text(
          ticks.filter(({ at }) => at > 0 && at < 1),
          { ...text, dx: 7, textAnchor: 'start', stroke: 'var(--raised)', strokeWidth: 4 },
        ),
      ],
      color: { type: 'identity' },
    };
  };
}
