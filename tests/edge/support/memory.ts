/** What a service has in memory after some requests, in bytes. */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerd } from '../../package/support/runtimes.js';
import { type Server, start } from './servers.js';

export interface Memory {
  /** Of the WebAssembly instance. */
  memory: number;
  /** Live objects of JavaScript. */
  heap: number;
  /** The whole process: runtime, compiled code, the module's bytes, garbage. */
  rss: number;
}

const program = (name: string) => fileURLToPath(new URL(`../programs/memory/${name}`, import.meta.url));

/** Of the runtime Node, serving an exported folder of the target `node`. */
export async function memoryInNode(folder: string, use: (server: Server) => Promise<void>): Promise<Memory> {
  cpSync(program('watch.mjs'), join(folder, 'watch.mjs'));
  const command = ['node', '--expose-gc', '--import', './watch.mjs', 'main.mjs'] as const;
  const server = await start([...command], folder);
  await use(server).finally(() => server.stop());
  return JSON.parse(readFileSync(join(folder, 'memory.json'), 'utf8'));
}

/** Of workerd, serving an exported folder of the target `cloudflare` with another worker.mjs. */
export async function memoryInWorkerd(
  folder: string,
  use: (server: Server) => Promise<void>,
): Promise<Memory> {
  for (const name of ['worker.mjs', 'worker.capnp']) cpSync(program(name), join(folder, name));
  const server = await start([...workerd(), 'serve', 'worker.capnp', '--control-fd', '1'], folder);
  try {
    await use(server);
    const rss = resident(server.process.pid);
    const ask = async () => Number(await (await fetch(`${server.url}/memory`)).text());
    await ask();
    // What the first one wrote has been read by now.
    return { memory: await ask(), heap: lastHeap(server.log()), rss };
  } finally {
    await server.stop();
  }
}

/** Bytes that were left by the last collection that is told of. */
function lastHeap(log: string): number {
  const [, megabytes] = [...log.matchAll(/Mark-Compact[^\n]*? -> ([\d.]+) \(/g)].at(-1) ?? [];
  return Number(megabytes) * 2 ** 20;
}

/** What a process has in memory, in bytes. */
export function resident(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
