// The ten lines in a page. What the test asks for hangs on the window.
import { Model, recipe, Table, train } from 'hedgerow';
import { openWorkspace } from 'hedgerow/track';
import { costOf } from '../cost.mjs';
import { exported } from '../exported.mjs';
import { monitored } from '../monitored.mjs';
import { queriesOf } from '../queries.mjs';
import { trainedHash } from '../trained-hash.mjs';

/** Trains and measures; the CSV comes as a Response. */
window.tenLines = async (workers) => {
  const table = await Table.fromCsv(await fetch('./penguins.csv'));
  const { train: fit, test } = table.split({ testSize: 0.2, seed: 42, stratify: 'species' });
  const model = await train(fit, {
    target: 'species',
    learner: { kind: 'random-forest', nEstimators: 100 },
    seed: 42,
    workers,
  });
  const report = await model.evaluate(test);
  const [prediction] = model.predict([{ bill_length_mm: 39.1, island: 'Torgersen' }], { proba: true });
  const { sha256 } = Model.load(model.save());
  return { sha256, accuracy: report.metrics.accuracy, label: prediction.label };
};

window.trainedHash = async (file, options, workers) =>
  trainedHash(await fetch(`./${file}`), options, workers);

window.exported = async () => exported(await fetch('./penguins.csv'));

window.monitored = async (later, workers) =>
  monitored(await fetch('./penguins.csv'), new Blob([later]), workers);

/** Cancels a training after a few trees, then trains again. */
window.cancelled = async () => {
  const table = await Table.fromCsv(await fetch('./penguins.csv'));
  const controller = new AbortController();
  const options = { target: 'species', learner: { kind: 'random-forest', nEstimators: 10_000 }, workers: 2 };
  const reason = await train(table, {
    ...options,
    signal: controller.signal,
    onProgress: ({ phase, done }) => phase === 'fit' && done > 5 && controller.abort(new Error('enough')),
  }).catch((error) => error.message);
  const model = await train(table, { ...options, learner: { kind: 'random-forest', nEstimators: 5 } });
  return { reason, trees: model.info.provenance.learner.params.n_estimators };
};
// What the tests of workspaces use.
Object.assign(window, { openWorkspace, recipe, Table, train });

window.costOf = async (times) => costOf({ Table, train }, await openWorkspace({ name: 'cost' }), times);

/** Takes a workspace with many runs in, and asks it. */
window.queriesOfMany = async () => {
  const workspace = await openWorkspace({ name: 'many' });
  await workspace.merge(new Uint8Array(await (await fetch('./many.sqlite')).arrayBuffer()));
  return queriesOf(workspace);
};

/** Lets a worker keep runs; `note` hears of each, and of what was wrong at the start. */
window.keepRuns = (name, known) => {
  const worker = new Worker(new URL('./logging-worker.js', import.meta.url), { type: 'module' });
  window.keeping = worker;
  worker.onmessage = ({ data }) => window.note(data);
  worker.onerror = ({ message }) => window.note({ wrong: [message] });
  worker.postMessage({ name, known });
};

document.documentElement.dataset.ready = '';
