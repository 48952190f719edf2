/**
 * Measures Hedgerow beside other tools, prints a table and writes it as JSON. `cargo xtask bench`
 * sets up what it needs and calls it:
 *
 *     node main.mjs --data FOLDER --python PATH --out FOLDER [--only speed,workers,csv,accuracy]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { accuracy, csv, speed, workers } from './parts.mjs';

const parts = { speed, workers, csv, accuracy };
const names = Object.keys(parts);
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    python: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string', default: names.join(',') },
  },
});

const chosen = options.only.split(',');
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${names.join(', ')}`);

const rows = [];
for (const name of chosen) {
  console.log(`bench: ${name}`);
  for (const row of await parts[name](options)) {
    rows.push({ part: name, ...row, met: isMet(row) });
    print(rows.at(-1));
  }
}
mkdirSync(options.out, { recursive: true });
const file = `${options.out}/results.json`;
writeFileSync(file, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`);
console.log(`\n${table()}\n\nwritten to ${file}`);
if (rows.some(({ met }) => !met)) {
  console.error('a bound was not met; on a busy machine, measure again');
  process.exitCode = 1;
}

function isMet({ figure, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }) {
  return figure <= most && figure >= least;
}

function print({ what, ours, theirs }) {
  console.log(`  ${what}: ${ours}, ${theirs}`);
}

function table() {
  const lines = rows.map(({ what, ours, theirs, figure, most, least, met }) => {
    const bound = most === undefined ? `at least ${least}` : `at most ${most}`;
    return [what, ours, theirs, figure.toFixed(3), bound, met ? 'met' : 'NOT MET'];
  });
  const all = [['', 'Hedgerow', 'beside', 'figure', 'bound', ''], ...lines];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  const pad = (line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return all.map(pad).join('\n');
}

function machine() {
  const packages = execFileSync(options.python, ['-m', 'pip', 'freeze'], { encoding: 'utf8' });
  const python = execFileSync(options.python, ['--version'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  const peers = packages.trim().split('\n');
  return { cpu: cpu?.model, cores: cpus().length, node: process.version, python, peers };
}
