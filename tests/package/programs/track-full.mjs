// Keeps runs in a workspace until there is no room: node track-full.mjs FILE. Prints what was kept, the error's
// code, and what is there in the same process.
import { randomBytes } from 'node:crypto';
import { openWorkspace } from 'hedgerow/track';

const workspace = await openWorkspace({ path: process.argv[2] });
const run = await workspace.startRun({ name: 'until it is full' });
const kept = [];
let error;
for (let index = 0; !error; index++) {
  const path = `${index}.bin`;
  await run.logArtifact(path, randomBytes(10_000)).then(
    () => kept.push(path),
    (reason) => {
      error = reason;
    },
  );
}
// Points, too, until not one more has a place.
let points = 0;
for (let code; code !== 'workspace_full'; ) {
  for (let point = 0; point < 100; point++) run.logMetric('loss', point);
  code = await run.flush().then(
    () => 'saved',
    (reason) => reason.code,
  );
  if (code === 'saved') points += 100;
}
await workspace.check();
const { artifacts, metrics } = await workspace.run(run.id);
console.log(
  JSON.stringify({
    run: run.id,
    code: error.code,
    message: error.message,
    kept,
    points,
    artifacts: artifacts.map(({ path }) => path),
    last: metrics[0]?.step ?? -1,
  }),
);
await workspace.close();
