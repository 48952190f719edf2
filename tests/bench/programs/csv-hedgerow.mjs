/**
 * Reads a CSV into a table with Hedgerow and prints what it took, as JSON.
 *
 *     node csv-hedgerow.mjs FILE.csv.gz
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

// The memory of a module never shrinks: its size at the end is what it needed at most. Every
// instance is noted as it is made, so nothing has to be exported only to be measured.
const memories = [];
const note = (instance) => {
  if (instance.exports.memory) memories.push(instance.exports.memory);
  return instance;
};
const { Instance, instantiate } = WebAssembly;
WebAssembly.Instance = (module, imports) => note(new Instance(module, imports));
WebAssembly.Instance.prototype = Instance.prototype;
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  note(made.instance ?? made);
  return made;
};
const { Table } = await import('hedgerow');

const bytes = gunzipSync(await readFile(process.argv[2]));
const before = memory();
const cpu = process.cpuUsage();
const table = await Table.fromCsv(bytes);
const { user, system } = process.cpuUsage(cpu);
const peak = memory() - before;
const took = { bytes: bytes.length, cpu: (user + system) / 1e6, rows: table.numRows };
console.log(JSON.stringify({ ...took, peak, typed: typedBytes(table) }));

function memory() {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}

/** What the columns are made of: 8 bytes a number, 4 a code, and every distinct string once. */
function typedBytes(table) {
  return table.columnNames.reduce((sum, name) => {
    const column = table.column(name);
    if (!column.codes) return sum + column.values.byteLength;
    const strings = column.categories.reduce((all, text) => all + Buffer.byteLength(text), 0);
    return sum + column.codes.byteLength + strings;
  }, 0);
}
