/**
 * What a module takes through its ABI, in JSON: microseconds of processor time for one row and for a row of a
 * batch, and megabytes of memory after it.
 *
 *     node abi.mjs MODULE CSV
 */
import { readFileSync } from 'node:fs';

const [path, csv] = process.argv.slice(2);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
if (exports.hedgerow_load() !== 0) throw new Error('the module has no model');
const { features } = described();
const rows = readRows(csv);

// Engines take their time to compile what runs often: the quickest of some rounds counts.
const one = quickest(7, Math.min(rows.length, 20_000), (n) => {
  for (let row = 0; row < n; row += 1) scoreOne(rows[row]);
});
const input = exports.hedgerow_input(rows.length, 0) >>> 0;
const cells = new Float64Array(exports.memory.buffer, input, rows.length * features.length);
rows.forEach((row, index) => {
  row.forEach((value, column) => {
    cells[column * rows.length + index] = value;
  });
});
const batch = quickest(7, rows.length, () => exports.hedgerow_score());
console.log(JSON.stringify({ one, batch, memory: exports.memory.buffer.byteLength / 1e6 }));

function scoreOne(row) {
  const address = exports.hedgerow_input(1, 0) >>> 0;
  new Float64Array(exports.memory.buffer).set(row, address >>> 3);
  exports.hedgerow_score();
  return new Float64Array(exports.memory.buffer)[exports.hedgerow_output() >>> 3];
}

/** Microseconds of processor time for each of `n`. */
function quickest(times, n, work) {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage();
    work(n);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / n);
  }
  return best;
}

function described() {
  const [address, length] = new Uint32Array(exports.memory.buffer, exports.hedgerow_description(), 2);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(exports.memory.buffer, address, length)));
}

/** Tables of numbers without quotes, in the order of the features. */
function readRows(file) {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  const places = features.map(({ name }) => names.indexOf(name));
  return lines.map((line) => {
    const values = line.split(',');
    return places.map((place) => (values[place] === '' ? Number.NaN : Number(values[place])));
  });
}
