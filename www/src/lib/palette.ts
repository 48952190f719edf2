/**
 * The colours of classes: told apart by people with any colour vision, and in lightness too. A class has the
 * colour of its place in the model's (sorted) list of classes, in every view.
 */
const COLOURS = ['#3a6db5', '#e0962a', '#1c8f7a', '#b03a6c', '#5fb4e5', '#8d5f2f', '#9a83d6', '#a8a72c'];

/** Past the first round come the same hues darker, then lighter; past those all classes share a grey. */
const ROUNDS = [0, -0.35, 0.4];
const NEUTRAL = '#8a938e';

/** How many classes are told apart by colour at a glance. */
export const DISTINCT = COLOURS.length;

/** The colour of the class at a place. */
export function classColour(index: number): string {
  const base = COLOURS[index % COLOURS.length];
  const shade = ROUNDS[Math.floor(index / COLOURS.length)];
  return base === undefined || shade === undefined ? NEUTRAL : shaded(base, shade);
}

/** Nearer to black for a negative share, nearer to white for a positive one. */
function shaded(colour: string, share: number): string {
  const end = share < 0 ? 0 : 255;
  const channels = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  return `#${channels
    .map((channel) => Math.round(channel + (end - channel) * Math.abs(share)))
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
}

/** The class whose colour is too like the page's own to stand beside it. */
const LIKE_ACCENT = 2;

/** The colour of a line that is no class: the first in the page's own, others told apart from it. */
export function lineColour(index: number): string {
  if (index === 0) return 'var(--accent)';
  return classColour(index === LIKE_ACCENT ? 0 : index);
}
