/** The ten lines of the README, in every runtime that is not a browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';
import { bun, type Command, deno } from './support/runtimes.js';

const runtimes: Record<string, (workers: string) => Command> = {
  node: (workers) => ['node', 'ten-lines.mjs', workers],
  deno: (workers) => [...deno(), '--allow-read', 'ten-lines.mjs', workers],
  bun: (workers) => [...bun(), 'ten-lines.mjs', workers],
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
      const [program, ...args] = command(workers);
      const output = await succeed(program, args, installed.folder);
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
