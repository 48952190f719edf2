/** The ten lines of the README, in every runtime that is not a browser. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { dependency, type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

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

const runtimes: Record<string, (workers: string) => [string, string[]]> = {
  node: (workers) => ['node', ['ten-lines.mjs', workers]],
  deno: (workers) => [
    'node',
    [join(dependency('deno'), 'bin.cjs'), 'run', '--no-remote', '--allow-read', 'ten-lines.mjs', workers],
  ],
  bun: (workers) => [bun(), ['ten-lines.mjs', workers]],
};

let installed: Installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

const hashes = new Set<string>();

for (const [name, command] of Object.entries(runtimes)) {
  for (const workers of ['0', '1', '2', '4']) {
    test(`the ten lines run in ${name} with ${workers} workers`, async (context) => {
      const output = await succeed(...command(workers), installed.folder);
      const result = JSON.parse(output);
      context.diagnostic(`sha256 ${result.sha256}`);
      hashes.add(result.sha256);
      assert.ok(result.accuracy > 0.9, `accuracy ${result.accuracy}`);
      assert.equal(result.label, 'Adelie');
      assert.ok(Math.abs(result.sum - 1) < 1e-9);
      assert.equal(result.importance, 7);
      assert.deepEqual(result.phases, ['prepare', 'fit', 'finish']);
      assert.equal(result.done.done, 100);
      assert.equal(result.done.score.name, 'oob_accuracy');
    });
  }
}

test('all runtimes and numbers of workers gave the same bytes', () => {
  assert.equal(hashes.size, 1, [...hashes].join(' '));
});
