/**
 * Measures Hedgerow beside other tools, prints tables and writes them as JSON. `cargo xtask bench`
 * sets up what it needs and calls it:
 *
 *     node main.mjs --data FOLDER --out FOLDER --python PATH --native PATH [--only speed,workers,csv,accuracy,pauses]
 *     node main.mjs --peers --chromium PATH … [--only letter-forest,growth] [--who Node]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { accuracy, csv, speed, workers } from './parts.mjs';
import { pauses } from './pauses.mjs';
import { measurePeers } from './peers.mjs';
import { bound, isMet, table } from './tables.mjs';

const text = { type: 'string' };
const { values: given } = parseArgs({
  options: {
    data: text,
    out: text,
    python: text,
    native: text,
    chromium: text,
    peers: { type: 'boolean', default: false },
    only: text,
    who: text,
    times: { type: 'string', default: '3' },
  },
});
const options = {
  ...given,
  only: given.only?.split(','),
  who: given.who?.split(','),
  times: Number(given.times),
};

mkdirSync(options.out, { recursive: true });
const results = await (options.peers ? measurePeers(options) : measureParts(options));
const file = `${options.out}/${options.peers ? 'peers' : 'results'}.json`;
writeFileSync(file, `${JSON.stringify({ machine: machine(), ...results }, null, 2)}\n`);
console.log(`\nwritten to ${file}`);
if (!results.met) {
  console.error('a bound was not met; on a busy machine, measure again');
  process.exitCode = 1;
}

async function measureParts(options) {
  const parts = { speed, workers, csv, accuracy, pauses };
  const chosen = options.only ?? Object.keys(parts);
  const unknown = chosen.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`no part ${unknown}; there are ${Object.keys(parts)}`);
  const rows = [];
  for (const name of chosen) {
    console.log(`bench: ${name}`);
    for (const row of await parts[name](options)) {
      rows.push({ part: name, ...row, met: isMet(row) });
      console.log(`  ${row.what}: ${row.ours}, ${row.theirs}`);
    }
  }
  const heads = ['', 'Hedgerow', 'beside', 'figure', 'bound', ''];
  console.log(`\n${table([heads, ...rows.map((row) => [row.what, row.ours, row.theirs, ...bound(row)])])}`);
  return { rows, met: rows.every(({ met }) => met) };
}

function machine() {
  const packages = execFileSync(options.python, ['-m', 'pip', 'freeze'], { encoding: 'utf8' });
  const python = execFileSync(options.python, ['--version'], { encoding: 'utf8' }).trim();
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const npm = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
  const [cpu] = cpus();
  const peers = [...packages.trim().split('\n'), ...npm];
  return { cpu: cpu?.model, cores: cpus().length, node: process.version, python, peers };
}
