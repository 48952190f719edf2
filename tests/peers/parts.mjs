/** The parts of the ordinary bench. Every part returns rows: what, ours, theirs, a figure of both, and its bound. */
import { inNode, job, peer } from './contenders.mjs';
import { datasets } from './datasets.mjs';
import { byTurns, median, run } from './run.mjs';

const forest = { kind: 'random-forest', nEstimators: 100 };

const ours = (options, name, workers) => () => inNode(options, job(options, name, forest, { workers }));
const scikit = (options, name) => () => peer(options, 'scikit-learn', name, forest);
const seconds = (value) => `${value.toFixed(2)} s`;

/** Processor time of training beside scikit-learn's, both with one thread. */
export async function speed(options) {
  const rows = [];
  for (const [name, most] of [
    ['letter', 0.5],
    ['synth200k', 0.15],
  ]) {
    const [we, they] = await byTurns(options.times, [ours(options, name, 1), scikit(options, name)]);
    const [our, their] = [median(we, 'cpu'), median(they, 'cpu')];
    rows.push({
      what: `forest of 100, ${name}: CPU time`,
      ours: seconds(our),
      theirs: `scikit-learn ${seconds(their)}`,
      figure: our / their,
      most,
    });
    rows.push(quality(name, we[0], they[0]));
  }
  return rows;
}

/** How much faster two workers are than one. */
export async function workers(options) {
  const [one, two] = await byTurns(
    options.times,
    [1, 2].map((count) => ours(options, 'synth200k', count)),
  );
  const [slow, fast] = [median(one, 'wall'), median(two, 'wall')];
  const what = 'forest of 100, synth200k: two workers beside one';
  return [
    { what, ours: seconds(fast), theirs: `one worker ${seconds(slow)}`, figure: slow / fast, least: 1.6 },
  ];
}

/** Reading 31 MB of CSV into typed columns. */
export async function csv(options) {
  const file = `${options.data}/flights_raw.csv.gz`;
  const programs = ['csv-hedgerow.mjs', 'csv-papaparse.mjs', 'csv_pandas.py'];
  const works = programs.map((program) => () => run(options, program, file));
  const [we, papa, pandas] = await byTurns(options.times, works);
  const [our, papas, pandass] = [we, papa, pandas].map((results) => median(results, 'cpu'));
  const rate = (cpu) => `${(we[0].bytes / 1e6 / cpu).toFixed(0)} MB/s`;
  const what = 'reading CSV, flights_raw';
  const { peak, typed } = we[0];
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    { what, ours: rate(our), theirs: `PapaParse, typed ${rate(papas)}`, figure: papas / our, least: 8 },
    { what, ours: rate(our), theirs: `pandas, C ${rate(pandass)}`, figure: pandass / our, least: 0.5 },
    {
      what: 'reading CSV: memory beside twice the columns + 16 MB',
      ours: megabytes(peak),
      theirs: `columns ${megabytes(typed)}`,
      figure: peak / (2 * typed + 16e6),
      most: 1,
    },
  ];
}

/** How good the models are, beside scikit-learn's. */
export async function accuracy(options) {
  const rows = [];
  for (const name of Object.keys(datasets).filter((name) => !datasets[name].small)) {
    rows.push(quality(name, await ours(options, name, 'auto')(), await scikit(options, name)()));
  }
  return rows;
}

function quality(name, we, they) {
  const { metric } = datasets[name];
  const [our, their] = [we.metrics[metric], they.metrics[metric]];
  const row = {
    what: `forest of 100, ${name}: ${metric}`,
    ours: our.toFixed(4),
    theirs: `scikit-learn ${their.toFixed(4)}`,
  };
  if (name === 'letter') return { ...row, figure: our, least: 0.96 };
  if (metric === 'rmse') return { ...row, figure: our / their, most: 1.02 };
  return { ...row, figure: our - their, least: -0.005 };
}
