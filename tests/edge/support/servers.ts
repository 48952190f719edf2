/** The runtimes that serve an exported folder, each started as its README says, on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bun, type Command, deno, workerd } from '../../package/support/runtimes.js';

/** A server that is listening. */
export interface Server {
  url: string;
  process: ChildProcess;
  /** What it wrote. */
  log(): string;
  stop(): Promise<void>;
}

export type Variables = Readonly<Record<string, string>>;

const edgeRuntime = fileURLToPath(new URL('../programs/edge-runtime.mjs', import.meta.url));

/** Milliseconds after which a server has been forgotten. */
const LONGEST = 600_000;

/** What serves each target. */
export const servers: Readonly<Record<string, () => Command>> = {
  node: () => ['node', 'main.mjs'],
  deno: () => [...deno(), '--allow-net', '--allow-env', '--allow-read=.', 'main.mjs'],
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
  const port = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer) => {
      written += data;
      const found = /http:\/\/[\d.]+:(\d+)|"port":(\d+)/.exec(written);
      if (found) resolve(found[1] ?? found[2] ?? '');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${command.join(' ')} ended with ${code}\n${written}`)));
  });
  return { url: `http://127.0.0.1:${port}`, process: child, log: () => written, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
