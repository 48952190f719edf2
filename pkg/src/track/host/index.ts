/** Node, Deno and Bun: a workspace is a file, which several processes may use. */
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { loadModule } from '#platform';
import type { Line, WorkspaceOptions } from '../line.js';
import { Local } from '../local.js';
import { inMemory } from '../memory.js';
import { loaded } from '../module.js';
import { endOrphans } from '../orphans.js';
import { files } from './files.js';
import { FileLock, isAlive } from './lock.js';

/** Opens a workspace. */
export async function openLine(options: WorkspaceOptions): Promise<Line> {
  if (options.memory) return inMemory();
  const path = resolve(options.path ?? 'hedgerow.sqlite');
  const { inFile } = await loaded(() => loadModule('track'));
  const line = new Local({
    client: `process:${process.pid}@${hostname()}`,
    open: () => inFile(path, files),
    lock: new FileLock(path),
    storage: () => ({ usage: statSync(path).size, persisted: true }),
  });
  await endOrphans(
    (request) => ask(line, request),
    async () => isLive,
  );
  return line;
}

function ask(line: Line, request: Parameters<Line['ask']>[0]['request']): ReturnType<Line['ask']> {
  return line.ask({ at: Date.now(), author: '', request });
}

/** Nothing but the network stands between a program and a server. */
export async function whyBlocked(): Promise<undefined> {}

/** Only a process of this machine is known to be gone. */
function isLive(client: string | undefined): boolean {
  const [, pid, host] = /^process:(\d+)@(.*)$/s.exec(client ?? '') ?? [];
  return host !== hostname() || isAlive(Number(pid));
}
