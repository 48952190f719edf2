/** The runtimes that serve an exported folder, each started as its README says, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bun, type Command, deno, workerd } from '../../package/support/runtimes.js';

/** A program that is ready for what is asked of it. */
export interface Running {
  process: ChildProcess;
  /** What it said when it was. */
  said: RegExpExecArray;
  /** What it wrote. */
  log(): string;
  stop(): Promise<void>;
}

/** A server that is listening. */
export interface Server extends Running {
  url: string;
}

export type Variables = Readonly<Record<string, string>>;

const edgeRuntime = fileURLToPath(new URL('../programs/edge-runtime.mjs', import.meta.url));

/** Milliseconds after which a server has been forgotten. */
const LONGEST = 600_000;

/** What serves each target. */
export const servers: Readonly<Record<string, () => Command>> = {
  node: () => ['node', 'main.mjs'],
  deno: () => [
    ...deno(),
    '--allow-net',
    '--allow-env',
    '--allow-read=.',
    '--allow-write=recorded',
    'main.mjs',
  ],
  bun: () => [...bun(), 'main.mjs'],
  cloudflare: () => [
    ...workerd(),
    ...['serve', 'worker.capnp', '--socket-addr', 'http=127.0.0.1:0', '--control-fd', '1'],
  ],
  vercel: () => ['node', edgeRuntime],
};

/** Serves a target's folder. */
export function serve(target: string, folder: string, variables: Variables = {}): Promise<Server> {
  const command = servers[target];
  if (!command) throw new Error(`nothing serves ${target}`);
  return start(command(), folder, variables);
}

/** Starts a command that says on which port of this machine it listens; an error if it ends before. */
export async function start(command: Command, folder: string, variables: Variables = {}): Promise<Server> {
  const running = await launch(command, folder, /http:\/\/[\d.]+:(\d+)|"port":(\d+)/, variables);
  return { ...running, url: `http://127.0.0.1:${running.said[1] ?? running.said[2]}` };
}

/** Starts a command that says when it is ready; an error if it ends before. */
export async function launch(
  command: Command,
  folder: string,
  ready: RegExp,
  variables: Variables = {},
): Promise<Running> {
  const [program, ...args] = command;
  const env = {
    ...process.env,
    DENO_NO_UPDATE_CHECK: '1',
    NODE_OPTIONS: '',
    NO_COLOR: '1',
    PORT: '0',
    ...variables,
  };
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST,
  });
  let written = '';
  const said = await new Promise<RegExpExecArray>((resolve, reject) => {
    const read = (data: Buffer) => {
      written += data;
      const found = ready.exec(written);
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${command.join(' ')} ended with ${code}\n${written}`)));
  });
  return { process: child, said, log: () => written, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
