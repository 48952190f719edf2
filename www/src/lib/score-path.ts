/** Lines of scores that form: their paths, and ticks whose values are round. */
export interface ScorePoint {
  /** Steps that were done by then. */
  done: number;
  value: number;
}

interface Drawn {
  /** One a line. */
  paths: string[];
  /** Of each line. */
  points: { x: number; y: number }[][];
  ticks: { value: number; y: number }[];
}

/** Past this many points they are thinned: there are no more pixels to tell them apart. */
const MOST_POINTS = 400;

/** Lines drawn over one another, from 0 to `steps` across. */
export function scorePaths(lines: ScorePoint[][], steps: number, width: number, height: number): Drawn {
  const values = lines.flat().map(({ value }) => value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = roundStep((high - low) / 3);
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  const y = (value: number) => height - ((value - bottom) / (top - bottom)) * height;
  const x = (count: number) => (count / Math.max(steps, 1)) * width;
  const points = lines.map((line) => thinned(line).map(({ done, value }) => ({ x: x(done), y: y(value) })));
  const path = (line: { x: number; y: number }[]) =>
    `M${line.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join('L')}`;
  const count = Math.round((top - bottom) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => {
    const value = bottom + index * step;
    return { value, y: y(value) };
  });
  return { paths: points.map(path), points, ticks };
}

/** The smallest of 1, 2, 5 times a power of ten that is no smaller; a score that stands still has 0.002. */
function roundStep(size: number): number {
  const least = Math.max(size, 0.0015);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((multiple) => multiple * power >= least) ?? 10;
  return factor * power;
}

function thinned(points: ScorePoint[]): ScorePoint[] {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
