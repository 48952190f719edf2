// How long queries take in a workspace with many runs.

const learner = "params.learner = 'random-forest'";
const both = `metrics.auc > 0.9 and ${learner}`;

/** Filter and order of each; the last ones as the page asks. */
const QUERIES = [
  { filter: '', orderBy: '' },
  { filter: '', orderBy: 'metrics.auc DESC' },
  { filter: learner, orderBy: '' },
  { filter: `not ${learner} or metrics.auc > 0.9`, orderBy: '' },
  { filter: both, orderBy: '' },
  { filter: both, orderBy: 'metrics.auc DESC' },
  { filter: 'metrics.auc > 2', orderBy: '' },
  { filter: 'params.depth > 3', orderBy: 'params.depth DESC' },
  { filter: "run_name LIKE '%99%' and status = 'FINISHED'", orderBy: 'duration' },
  { filter: '', orderBy: '', parent: '' },
  { filter: both, orderBy: '', parent: '', experiment: 'experiment 3' },
];

const TIMES = 5;

/** Milliseconds of each, the quickest of some, and how many runs were found. */
export async function queriesOf(workspace) {
  const timed = [];
  for (const query of QUERIES) {
    let took = Number.POSITIVE_INFINITY;
    let total = 0;
    for (let time = 0; time < TIMES; time++) {
      const begun = performance.now();
      ({ total } = await workspace.runs(query));
      took = Math.min(took, performance.now() - begun);
    }
    timed.push({ filter: query.filter, orderBy: query.orderBy, total, took });
  }
  return timed;
}
