// Everything of hedgerow/track with its types.
import { recipe, Table, train } from 'hedgerow';
import {
  type ActiveRun,
  HedgerowError,
  openWorkspace,
  type Pulled,
  type Pushed,
  type Run,
  type Workspace,
} from 'hedgerow/track';

export async function everything(): Promise<void> {
  const workspace: Workspace = await openWorkspace({ name: 'a', path: 'a.sqlite', author: 'Zoë' });
  const table = Table.fromColumns({ x: [1, 2, 3], y: ['a', 'b', 'a'] });
  const options = { target: 'y', learner: { kind: 'random-forest' as const } };
  const run: ActiveRun = await workspace.startRun({ recipe: recipe(table, options) });
  await train(table, { ...options, run, dataset: 'three.csv' });
  const { runs, total } = await workspace.runs({ filter: "params.learner = 'random-forest'", limit: 10 });
  const first: Run | undefined = runs[0];
  const n: number = total;
  console.log(first?.metrics[0]?.value, n);
  const series = await workspace.series(run.id, 'oob_accuracy');
  console.log(series.points.map(({ step, value }) => [step, value]));
  const version = await workspace.register({ name: 'm', run: run.id });
  await workspace.promote('m', version.version, 'champion', 'the first');
  const bytes: Uint8Array = await workspace.versionBytes('m@champion');
  await run.logInput(table, 'test', 'three.csv');
  const bundle: Uint8Array = await workspace.bundle({ models: ['m'] });
  await workspace.merge(bundle).catch((error: unknown) => {
    if (error instanceof HedgerowError) console.log(error.code, bytes.length);
  });
  const how = { token: 'secret', timeout: 10_000, signal: AbortSignal.timeout(60_000) };
  const pushed: Pushed = await workspace.push('https://mlflow.example.org', {
    ...how,
    runs: [run.id],
    experiments: ['Default'],
    models: true,
    onProgress: ({ done, total, at, wait }) => console.log(done, total, at, wait),
  });
  const pulled: Pulled = await workspace.pull('https://mlflow.example.org', {
    ...how,
    experiment: 'Default',
  });
  console.log(pushed.changes, pushed.plain, pulled.runs, pulled.others);
  await workspace[Symbol.asyncDispose]();
}
