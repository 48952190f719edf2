// Keeps runs in a workspace, and prints their ids: node track-runs.mjs FILE RUNS [end]
import { openWorkspace } from 'hedgerow/track';

const [path, runs, end = 'end'] = process.argv.slice(2);
const workspace = await openWorkspace({ path, author: 'a test' });
const ids = [];
for (let index = 0; index < Number(runs); index++) {
  const run = await workspace.startRun({
    experiment: 'Ü & 実験',
    name: `run ${index}`,
    params: { depth: index, learner: 'random-forest' },
  });
  for (let step = 0; step < 50; step++) run.logMetric('loss', 1 / (step + 1));
  run.logMetric('odd', Number.NEGATIVE_INFINITY);
  await run.setTags({ kind: 'test' });
  await run.logArtifact('notes/a.txt', `notes of ${index}`);
  if (end === 'end') await run.end();
  else await run.flush();
  ids.push(run.id);
}
console.log(JSON.stringify(ids));
if (end === 'wait') await new Promise((resolve) => setTimeout(resolve, 60_000));
await workspace.close();
