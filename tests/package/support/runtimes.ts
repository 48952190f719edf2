/** How the runtimes that npm has are started. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dependency } from './installed.js';

/** A command and the arguments that come before its own. */
export type Command = readonly [string, ...string[]];

/** The binaries themselves: what the packages' own scripts start would outlive them when they are ended. */
function binary(...places: readonly (readonly [name: string, path: string])[]): string {
  for (const [name, path] of places) {
    const folder = find(name);
    if (folder && existsSync(join(folder, path))) return join(folder, path);
  }
  throw new Error(`not installed: ${places.map(([name]) => name).join(', ')}`);
}

function find(name: string): string | undefined {
  try {
    return dependency(name);
  } catch {
    return undefined;
  }
}

const isArm = process.arch === 'arm64';

export const bun = (): Command => [
  binary([`@oven/bun-linux-${isArm ? 'aarch64' : 'x64'}`, 'bin/bun'], ['bun', 'bin/bun.exe']),
];

export const deno = (): Command => [
  binary([`@deno/linux-${isArm ? 'arm64' : 'x64'}-glibc`, 'deno'], ['deno', 'deno']),
  'run',
  '--no-remote',
];

export const workerd = (): Command => [
  binary([`@cloudflare/workerd-linux-${isArm ? 'arm64' : '64'}`, 'bin/workerd']),
];

/** The command that runs a program that may read files, by the runtime's name. */
export const runtimes: Record<string, (...program: string[]) => [string, string[]]> = {
  node: (...program) => ['node', program],
  deno: (...program) => runs(deno(), '--allow-read', ...program),
  bun: (...program) => runs(bun(), ...program),
};

function runs([program, ...first]: Command, ...rest: string[]): [string, string[]] {
  return [program, [...first, ...rest]];
}
