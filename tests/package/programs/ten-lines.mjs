// What a user writes. Prints the model's identity and what the steps gave, as JSON.
import { readFile } from 'node:fs/promises';
import { Model, Table, train } from 'hedgerow';

const workers = Number(process.argv[2] ?? 2);
const file = new Blob([await readFile('penguins.csv')]);
const events = [];
const onProgress = (event) => events.push(event);
const { signal } = new AbortController();

const table = await Table.fromCsv(file);
const { train: fit, test } = table.split({ testSize: 0.2, seed: 42, stratify: 'species' });
const model = await train(fit, {
  target: 'species',
  learner: { kind: 'random-forest', nEstimators: 100 },
  seed: 42,
  workers,
  onProgress,
  signal,
});
const report = await model.evaluate(test);
const [prediction] = model.predict([{ bill_length_mm: 39.1, island: 'Torgersen' }], { proba: true });
const bytes = model.save();
const again = Model.load(bytes);

console.log(
  JSON.stringify({
    sha256: again.sha256,
    accuracy: report.metrics.accuracy,
    importance: report.importance.columns.length,
    label: prediction.label,
    sum: Object.values(prediction.probabilities).reduce((sum, share) => sum + share, 0),
    phases: [...new Set(events.map((event) => event.phase))],
    done: events.filter((event) => event.phase === 'fit').at(-1),
  }),
);
