// Keeps runs without end, after it has looked at what is there. The test kills it at random points.
import { openWorkspace } from 'hedgerow/track';

const POINTS = 20;

self.onmessage = async ({ data: { name, known } }) => {
  const workspace = await openWorkspace({ name });
  await workspace.check();
  postMessage({ wrong: await wrongOf(workspace, known) });
  for (;;) {
    const run = await workspace.startRun();
    postMessage({ started: run.id });
    for (let step = 0; step < POINTS; step++) {
      run.logMetric('loss', 1 / (step + 1), { step });
      if (step === POINTS / 2) await run.flush();
    }
    await run.logArtifact('model.safetensors', crypto.getRandomValues(new Uint8Array(20_000)));
    await run.end();
    postMessage({ ended: run.id });
  }
};

/** What was acknowledged and is not there, and runs that are said to be finished and are not. */
async function wrongOf(workspace, { started, ended }) {
  const runs = await all(workspace);
  const isWhole = ({ metrics, artifacts }) => metrics[0]?.step === POINTS - 1 && artifacts.length === 1;
  const half = [...runs.values()].filter((run) => run.status === 'FINISHED' && !isWhole(run));
  return [
    ...started.filter((id) => !runs.has(id)).map((id) => `${id} is not there`),
    ...ended.filter((id) => runs.get(id)?.status !== 'FINISHED').map((id) => `${id} is not finished`),
    ...half.map(({ id }) => `${id} is half`),
  ];
}

async function all(workspace) {
  const runs = new Map();
  for (let total = 1; runs.size < total; ) {
    const page = await workspace.runs({ limit: 1000, offset: runs.size });
    total = page.total;
    for (const run of page.runs) runs.set(run.id, run);
    if (page.runs.length === 0) break;
  }
  return runs;
}
