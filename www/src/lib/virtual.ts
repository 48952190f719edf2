/** Which part of a long list is on screen. Browsers limit how tall an element may be, so past a limit the
 * scroll bar stands for the rows in proportion. */
const TALLEST = 8_000_000;

export interface Extent {
  /** Number of items. */
  count: number;
  /** Pixels an item. */
  size: number;
  /** Pixels of the opening through which one looks. */
  opening: number;
}

export interface Window {
  first: number;
  /** One past the last. */
  end: number;
  /** Where the first one stands, in pixels from the start of the content. */
  offset: number;
}

/** Length of the content in pixels. */
export function contentSize({ count, size }: Extent): number {
  return Math.min(count * size, TALLEST);
}

/** The items seen at a scroll position, with a few more on either side. */
export function visible(extent: Extent, scroll: number, spare = 8): Window {
  const { count, size, opening } = extent;
  const length = contentSize(extent);
  const fits = Math.ceil(opening / size);
  const range = Math.max(length - opening, 1);
  const exact =
    count * size > TALLEST ? (scroll / range) * Math.max(count - opening / size, 0) : scroll / size;
  const top = Math.max(0, Math.min(exact, count - 1));
  const first = Math.max(0, Math.floor(top) - spare);
  const end = Math.min(count, Math.floor(top) + fits + spare + 1);
  return { first, end, offset: Math.max(0, scroll - (top - first) * size) };
}

/** The scroll position that brings an item to the start of the opening. */
export function scrollTo(extent: Extent, index: number): number {
  const { count, size, opening } = extent;
  const length = contentSize(extent);
  if (count * size <= TALLEST) return Math.min(index * size, Math.max(0, length - opening));
  return (index / Math.max(count - opening / size, 1)) * (length - opening);
}
