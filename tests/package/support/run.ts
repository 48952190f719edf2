/** Runs commands. */
import { spawn } from 'node:child_process';

/** What a command wrote and how it ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a command is given beside its arguments. */
export interface Options {
  env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  input?: string;
}

/** Runs a command to its end; it may take two minutes. */
export function run(command: string, args: string[], cwd: string, options: Options = {}): Promise<Ended> {
  const env = { ...process.env, DENO_NO_UPDATE_CHECK: '1', NODE_OPTIONS: '', NO_COLOR: '1', ...options.env };
  const child = spawn(command, args, { cwd, env, timeout: 120_000 });
  const output = { stdout: '', stderr: '' };
  // Who ends without having read all says by other means how that was.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  child.stdout.on('data', (data) => (output.stdout += data));
  child.stderr.on('data', (data) => (output.stderr += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** Runs a command that must succeed; its standard output. */
export async function succeed(
  command: string,
  args: string[],
  cwd: string,
  options?: Options,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, cwd, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
