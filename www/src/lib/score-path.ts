/** The line of a score that forms: its path, and ticks whose values are round. */
interface Point {
  trees: number;
  value: number;
}

interface Drawn {
  path: string;
  ticks: { value: number; y: number }[];
}

const STEPS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Past this many points they are thinned: there are no more pixels to tell them apart. */
const MOST_POINTS = 400;

export function scorePath(points: Point[], trees: number, width: number, height: number): Drawn {
  const values = points.map(({ value }) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = STEPS.find((size) => (high - low) / size <= 3) ?? 1;
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  const y = (value: number) => height - ((value - bottom) / (top - bottom)) * height;
  const x = (count: number) => (count / Math.max(trees, 1)) * width;
  const every = Math.ceil(points.length / MOST_POINTS);
  const kept = points.filter((_, index) => index % every === 0 || index === points.length - 1);
  const path = kept.map((p) => `${x(p.trees).toFixed(1)},${y(p.value).toFixed(1)}`).join('L');
  const count = Math.round((top - bottom) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => {
    const value = bottom + index * step;
    return { value, y: y(value) };
  });
  return { path: `M${path}`, ticks };
}
