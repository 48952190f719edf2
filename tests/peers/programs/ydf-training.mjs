/**
 * Trains with ydf-training and prints what it took, as JSON. It takes no parameters: a forest and
 * boosting are of 300 trees at most.
 *
 *     node ydf-training.mjs JOB
 */
import { readFileSync } from 'node:fs';
import startYdf from 'ydf-training';
import { scores } from './scores.mjs';

const learners = {
  'random-forest': 'RandomForestLearner',
  'gradient-boosting': 'GradientBoostedTreesLearner',
};
const { csv, target, learner } = JSON.parse(process.argv[2]);
const quiet = () => {};
const ydf = await startYdf({ print: quiet, printErr: quiet });
const [fit, test] = ['train', 'test'].map((part) => withWords(readFileSync(csv[part], 'utf8')));

const cpu = process.cpuUsage();
const model = new ydf[learners[learner.kind]](target, 'CLASSIFICATION').train(fit.csv);
const trained = seconds(cpu);
const peak = process.resourceUsage().maxRSS * 1024;
const before = process.cpuUsage();
const predicted = model.predict(test.csv);
const predict = seconds(before);

const [, ...actual] = test.rows.map((row) => row[test.place]);
// Of two classes, it gives the probability of the second only.
const both = predicted.length === actual.length ? predicted.flatMap((p) => [1 - p, p]) : predicted;
const metrics = scores(actual, model.getLabelClasses(), both);
console.log(JSON.stringify({ cpu: trained, predict, peak, metrics }));

/** A CSV with classes that are one word: it takes 0 and 1 for numbers, several words for a set. */
function withWords(text) {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const place = rows[0].indexOf(target);
  for (const row of rows.slice(1)) row[place] = `class_${row[place]}`;
  return { rows, place, csv: rows.map((row) => row.join(',')).join('\n') };
}

function seconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
