/** How long others take for one row. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Rows of each round; the quickest round counts, as engines take their time to compile what runs often. */
const ROWS = 2_000;
const ROUNDS = 7;

/** The first rows of a CSV of numbers, as objects without the target. */
export function rowsOf(csv, target) {
  const [head, ...lines] = readFileSync(csv, 'utf8').split('\n', ROWS + 1);
  const names = head.split(',');
  const fields = (line) => line.split(',').map((cell, place) => [names[place], Number(cell)]);
  return lines.map((line) => Object.fromEntries(fields(line).filter(([name]) => name !== target)));
}

/** Microseconds of processor time for one row. */
export async function oneRow(rows, predict) {
  let one = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (const row of rows) await predict(row);
    const { user, system } = process.cpuUsage(before);
    one = Math.min(one, (user + system) / rows.length);
  }
  return one;
}

/** What files weigh together, gzipped, in kB. */
export function gzipped(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0) / 1000;
}
