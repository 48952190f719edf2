/** Drawing with Observable Plot, which is loaded with the first picture. One picture is drawn at a time, each
 * in a task of its own, so that the page stays quick. */
import type { PlotOptions } from '@observablehq/plot';

export type Plot = typeof import('./plot.ts');

/** What a picture is, for a width in pixels. */
export type Picture = (plot: Plot, width: number) => PlotOptions;

let loading: Promise<Plot> | undefined;
let queue: Promise<unknown> = Promise.resolve();

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Draws a picture when its turn comes; undefined if it is no longer wanted by then. */
export function draw(picture: Picture, width: number, wanted: () => boolean): Promise<Element | undefined> {
  const drawn = queue.then(async () => {
    loading ??= import('./plot.ts');
    const plot = await loading;
    await pause();
    if (!wanted()) return undefined;
    // The class name keeps the text of Plot's style element the same, for the Content-Security-Policy.
    const options = picture(plot, width);
    // Plot sets the label on the very edge, which cuts letters that go below the line.
    const x = { labelArrow: 'none', labelOffset: (options.marginBottom ?? 40) - 8, ...options.x } as const;
    const y = { labelArrow: 'none', ...options.y } as const;
    const drawing = plot.plot({
      ...options,
      x,
      y,
      width,
      className: 'plot',
      style: { fontSize: '12px' },
    });
    // The box around it says in words what is drawn.
    drawing.setAttribute('aria-hidden', 'true');
    return drawing;
  });
  queue = drawn.catch(() => undefined);
  return drawn;
}

/** Pixels above what is drawn for the label of what goes up, and below for numbers and label of what goes right. */
export const ROOM = { marginTop: 28, marginBottom: 46 };

/** Room for the labels of an axis, in pixels. */
export function labelRoom(labels: string[], most = 140): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(most, 24 + longest * 7);
}

/** A label that fits in the room of `labelRoom`. */
export function shortened(label: string, characters = 16): string {
  return label.length > characters ? `${label.slice(0, characters - 1)}…` : label;
}
