/** The runtimes that are not browsers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dependency } from './installed.js';

/** Bun's installation script moves the binary out of the package for the platform, if it may run. */
function bun(): string {
  const places = [
    () => join(dependency(`@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`), 'bin/bun'),
    () => join(dependency('bun'), 'bin/bun.exe'),
  ];
  const found = places.map((place) => place()).find(existsSync);
  if (!found) throw new Error('bun is not installed');
  return found;
}

const deno = () => [join(dependency('deno'), 'bin.cjs'), 'run', '--no-remote', '--allow-read'];

/** The command that runs a program, by the runtime's name. */
export const runtimes: Record<string, (...program: string[]) => [string, string[]]> = {
  node: (...program) => ['node', program],
  deno: (...program) => ['node', [...deno(), ...program]],
  bun: (...program) => [bun(), program],
};
