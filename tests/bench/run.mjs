/** Running the programs that are measured, each in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** One thread, whatever the libraries below would like. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

const runFile = promisify(execFile);
const path = (program) => fileURLToPath(new URL(`programs/${program}`, import.meta.url));

/** Runs a program of `programs/` and returns what it printed. */
export async function run(options, program, ...args) {
  const interpreter = program.endsWith('.py') ? options.python : process.execPath;
  const { stdout } = await runFile(interpreter, [path(program), ...args.map(String)], {
    env: { ...process.env, ...oneThread },
  });
  return JSON.parse(stdout);
}

/** Runs several things by turns, `times` each, so that what else the machine does meets all alike. */
export async function byTurns(times, works) {
  const results = works.map(() => []);
  for (let turn = 0; turn < times; turn++) {
    for (const [index, work] of works.entries()) results[index].push(await work());
  }
  return results;
}

/** The median of a property of some results. */
export function median(results, property) {
  const sorted = results.map((result) => result[property]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
