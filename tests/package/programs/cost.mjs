// Trains with and without more than 10,000 points a second logged beside it.

/** Points a second: some more than there are to be, for the time that the end of a run takes. */
const RATE = 11_500;

/** Seconds of each training by turns, how many points a second were kept, and what they took. */
export async function costOf({ Table, train }, workspace, times) {
  const table = columns(Table);
  const options = {
    target: 'y',
    learner: { kind: 'random-forest', nEstimators: 400 },
    workers: 1,
  };
  const seconds = async () => {
    const begun = performance.now();
    (await train(table, options)).free();
    return (performance.now() - begun) / 1000;
  };
  // What runs first is compiled first.
  await seconds();
  await warm(workspace);
  const cost = { without: [], recorded: [], rate: 0, processor: await processor(workspace) };
  let points = 0;
  let taken = 0;
  for (let time = 0; time < times; time++) {
    cost.without.push(await seconds());
    const run = await workspace.startRun();
    const begun = performance.now();
    let logged = 0;
    const log = () => {
      const due = ((performance.now() - begun) / 1000) * RATE;
      for (; logged < due; logged++) run.logMetric(`metric ${logged % 8}`, Math.sin(logged));
    };
    const timer = setInterval(log, 10);
    cost.recorded.push(await seconds());
    clearInterval(timer);
    // What fell due while the last step went on.
    log();
    await run.end();
    taken += (performance.now() - begun) / 1000;
    points += logged;
  }
  cost.rate = points / taken;
  return cost;
}

async function warm(workspace) {
  const run = await workspace.startRun();
  for (let point = 0; point < 2 * RATE; point++) run.logMetric(`metric ${point % 8}`, point);
  await run.end();
}

/** Processor seconds for a second's points, logged alone; only Node tells. */
async function processor(workspace) {
  const usage = globalThis.process?.cpuUsage;
  if (!usage) return 0;
  const run = await workspace.startRun();
  const before = usage();
  for (let point = 0; point < RATE; point++) run.logMetric(`metric ${point % 8}`, Math.sin(point));
  await run.flush();
  const { user, system } = usage(before);
  await run.end();
  return (user + system) / 1e6;
}

function columns(Table) {
  const rows = 30_000;
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const column = () => Float64Array.from({ length: rows }, random);
  const x = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x${index}`, column()]));
  const y = Array.from({ length: rows }, (_, row) =>
    x.x0[row] * x.x1[row] + random() / 4 > 0.4 ? 'a' : 'b',
  );
  return Table.fromColumns({ ...x, y });
}
