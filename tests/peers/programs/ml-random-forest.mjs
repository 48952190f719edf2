/**
 * Trains a forest of 10 trees on the first 2,000 rows with ml-random-forest, which takes a minute
 * for that, and prints what it took, as JSON.
 *
 *     node ml-random-forest.mjs JOB
 */
import { readFileSync } from 'node:fs';
import { RandomForestClassifier } from 'ml-random-forest';

const { csv, target } = JSON.parse(process.argv[2]);
const [fit, test] = ['train', 'test'].map((part) => parse(readFileSync(csv[part], 'utf8')));
const classes = [...new Set(fit.labels)].sort();
const codes = fit.labels.slice(0, 2000).map((label) => classes.indexOf(label));
const forest = new RandomForestClassifier({
  seed: 42,
  nEstimators: 10,
  maxFeatures: Math.floor(Math.sqrt(fit.rows[0].length)),
  replacement: true,
  useSampleBagging: true,
  noOOB: true,
});

const cpu = process.cpuUsage();
forest.train(fit.rows.slice(0, 2000), codes);
const trained = seconds(cpu);
const peak = process.resourceUsage().maxRSS * 1024;
const before = process.cpuUsage();
const predicted = forest.predict(test.rows);
const predict = seconds(before);
const right = test.labels.filter((label, row) => classes[predicted[row]] === label);
const metrics = { accuracy: right.length / test.labels.length };
console.log(JSON.stringify({ cpu: trained, predict, peak, metrics }));

function parse(text) {
  const [header, ...lines] = text.trim().split('\n');
  const place = header.split(',').indexOf(target);
  const cells = lines.map((line) => line.split(','));
  const numbers = (row) => row.filter((_, column) => column !== place).map(Number);
  return { rows: cells.map(numbers), labels: cells.map((row) => row[place]) };
}

function seconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
