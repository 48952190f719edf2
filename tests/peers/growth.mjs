/** How time grows with rows and columns, and the memory of a large training. */
import { inNode, ours } from './contenders.mjs';
import { median, reason } from './run.mjs';

const learners = {
  forest: { kind: 'random-forest', nEstimators: 10 },
  boosting: { kind: 'gradient-boosting', nEstimators: 20, numLeaves: 31, learningRate: 0.1 },
};
const ROWS = [10_000, 30_000, 100_000, 300_000, 1_000_000];
const COLUMNS = [10, 30, 100, 300, 1_000];
/** Near linear: time goes with this power of the size at most. */
const EXPONENT = 1.2;

/** Seconds by rows (of 20 columns) and by columns (of 10,000 rows), in Node. */
export async function growth(options) {
  const found = { lines: [], checks: [] };
  for (const [name, learner] of Object.entries(learners)) {
    const byRows = ROWS.map((rows) => ({ rows, columns: 20 }));
    const byColumns = COLUMNS.map((columns) => ({ rows: 10_000, columns }));
    await grow(options, found, name, learner, 'rows', byRows);
    await grow(options, found, name, learner, 'columns', byColumns);
  }
  return found;
}

async function grow(options, { lines, checks }, name, learner, axis, sizes) {
  const points = [];
  let error;
  for (const generate of sizes) {
    const line = await measure(options, inNode, learner, generate);
    lines.push({ work: `growth, ${name}`, who: `Node, ${generate.rows} × ${generate.columns}`, ...line });
    error ??= line.error;
    points.push([generate[axis], line.seconds]);
  }
  const figure = error ? Number.NaN : exponent(points);
  checks.push({ what: `${name}: exponent of time by ${axis}`, figure, most: EXPONENT });
}

/** Boosting of 100 × 31 leaves on 1,000,000 × 20, in Node and in a page: memory of all WebAssembly. */
export async function memory(options) {
  const found = { lines: [], checks: [] };
  const learner = { ...learners.boosting, nEstimators: 100 };
  for (const form of ['Node', 'Chromium'].filter((form) => options.who.includes(form))) {
    const once = { ...options, times: 1 };
    const line = await measure(once, ours[form], learner, { rows: 1_000_000, columns: 20 });
    found.lines.push({ work: 'memory, boosting', who: `${form}, 1000000 × 20`, ...line });
    const figure = line.error ? Number.NaN : line.wasm / 1e9;
    found.checks.push({ what: `memory of WebAssembly, boosting, ${form}, GB`, figure, most: 1 });
  }
  return found;
}

async function measure(options, form, learner, generate) {
  const job = { target: 'y', task: 'classification', learner, workers: 1, generate };
  const runs = [];
  try {
    for (let turn = 0; turn < options.times; turn++) runs.push(await form(options, job));
  } catch (error) {
    return { error: reason(error) };
  }
  const took = { runs: runs.length, seconds: median(runs, 'cpu') };
  const found = { ...took, peak: median(runs, 'peak'), wasm: median(runs, 'wasm') };
  console.log(`  ${generate.rows} × ${generate.columns}: ${found.seconds.toFixed(2)} s`);
  return found;
}

/** The power of the size that time goes with: the slope of a line through logarithms of both. */
export function exponent(points) {
  const logs = points.map((point) => point.map(Math.log));
  const mean = (axis) => logs.reduce((sum, log) => sum + log[axis], 0) / logs.length;
  const [size, time] = [mean(0), mean(1)];
  const sum = (term) => logs.reduce((total, log) => total + term(log), 0);
  return sum(([x, y]) => (x - size) * (y - time)) / sum(([x]) => (x - size) ** 2);
}
