import { compare, Model, Table, train } from 'hedgerow';

declare const file: File;
declare const signal: AbortSignal;

const table = await Table.fromCsv(file);
const { train: fit, test } = table.split({ testSize: 0.2, seed: 42, stratify: 'species' });
const model = await train(fit, {
  target: 'species',
  learner: { kind: 'random-forest', nEstimators: 100 },
  seed: 42,
  onProgress: ({ phase, done, total, score }) => console.log(phase, done / total, score?.value),
  signal,
});
const report = await model.evaluate(test);
if (report.task === 'classification') console.log(report.metrics.accuracy.toFixed(3), report.confusion[0]);
else console.log(report.metrics.rmse.toFixed(3));
for (const { column, mean } of report.importance?.columns ?? []) console.log(column.trim(), mean.toFixed(3));
const [prediction] = model.predict([{ bill_length_mm: 39.1, island: 'Torgersen' }], { proba: true });
console.log(prediction?.label.trim(), prediction?.probabilities.Adelie?.toFixed(2));
const bytes: Uint8Array = model.save();
console.log(Model.load(bytes).sha256);

const own = Table.fromColumns({ age: new Float64Array([1, 2]), job: ['clerk', null] });
const job = own.column('job');
console.log(job.kind === 'category' || job.kind === 'text' ? job.categories : job.values);

// Anomalies need no target; what is measured by predictions does.
const unlike = await train(table, { learner: { kind: 'isolation-forest', contamination: 0.05 } });
console.log(unlike.predict(table, { proba: true })[0]?.probabilities.anomaly?.toFixed(2));
// @ts-expect-error There is nothing to compare by.
compare(table, { learners: [{ kind: 'isolation-forest' }] });

// @ts-expect-error A misspelt option is found while typing.
train(fit, { target: 'species', learner: { kind: 'random-forest', nEstimator: 100 } });
// @ts-expect-error And so is a learner that does not exist.
train(fit, { target: 'species', learner: { kind: 'random-forrest' } });
