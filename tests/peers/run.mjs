/** Running the programs that are measured, each in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** One thread, whatever the libraries below would like. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

const runFile = promisify(execFile);

const path = (program) => fileURLToPath(new URL(`programs/${program}`, import.meta.url));

/** Runs a program of `programs/` and returns what it printed. */
export function run(options, program, ...args) {
  const interpreter = program.endsWith('.py') ? options.python : process.execPath;
  return runAny(interpreter, [path(program), ...args.map(String)]);
}

/** Runs any program and returns the JSON of the last line that it printed; some libraries print, too. */
export async function runAny(program, args) {
  const { stdout } = await runFile(program, args, { env: { ...process.env, ...oneThread } });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** What a program that failed complained of, in one line. */
export function reason(error) {
  const lines = (error.stderr || error.message).split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /^(\w*Error|error|page\.evaluate)\b/i.test(line));
  return telling[0] ?? lines.filter((line) => line !== '').at(-1) ?? 'it said nothing';
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
