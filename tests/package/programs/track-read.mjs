// Prints what a workspace has: node track-read.mjs FILE
import { openWorkspace } from 'hedgerow/track';

const workspace = await openWorkspace({ path: process.argv[2] });
const { runs, total } = await workspace.runs({ limit: 1000 });
const [first] = runs;
const series = first ? await workspace.series(first.id, 'loss') : undefined;
await workspace.check();
await workspace.verify();
console.log(JSON.stringify({ runs, total, points: series?.points.length }));
await workspace.close();
