/** What npm's users see: the shape of the package and its types. */
import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { dependency, type Installed, install } from './support/installed.js';
import { run, succeed } from './support/run.js';

let installed: Installed;
before(async () => {
  installed = await install();
});
after(() => installed.remove());

test('publint finds nothing', async () => {
  const pkgDir = join(installed.folder, 'node_modules/hedgerow');
  const { messages, pkg } = await publint({ pkgDir, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test('are-the-types-wrong finds nothing', async () => {
  const attw = join(dependency('@arethetypeswrong/cli'), 'dist/index.js');
  const { code, stdout } = await run(
    'node',
    [attw, installed.tarball, '--profile', 'esm-only'],
    installed.folder,
  );
  assert.equal(code, 0, stdout);
});

for (const options of [
  { name: 'a bundler', lib: ['ES2022', 'DOM'], module: 'ESNext', moduleResolution: 'bundler' },
  { name: 'Node', lib: ['ES2022', 'DOM'], module: 'NodeNext', moduleResolution: 'NodeNext' },
]) {
  test(`the ten lines are typed for ${options.name}`, async () => {
    const { name: _, ...compilerOptions } = options;
    const config = {
      compilerOptions: {
        ...compilerOptions,
        target: 'ES2022',
        strict: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        types: [],
        noEmit: true,
      },
      files: ['ten-lines.ts'],
    };
    await writeFile(join(installed.folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(dependency('typescript'), 'bin/tsc');
    const { code, stdout } = await run('node', [tsc, '-p', '.'], installed.folder);
    assert.equal(code, 0, stdout);
  });
}

test('the package has seven .wasm; that of training is at most 600 kB gzipped', async (context) => {
  const dist = join(installed.folder, 'node_modules/hedgerow/dist');
  const files = (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.wasm'));
  const training = join('wasm', 'hedgerow_bg.wasm');
  assert.deepEqual(files.sort(), [
    join('edge', 'filter.wasm'),
    join('edge', 'recorder.wasm'),
    join('edge', 'scorer.wasm'),
    join('export', 'hedgerow_export_bg.wasm'),
    join('monitor', 'hedgerow_monitor_bg.wasm'),
    join('track', 'hedgerow_track_bg.wasm'),
    training,
  ]);
  const path = join(dist, training);
  const zipped = gzipSync(await readFile(path), { level: 9 }).length;
  context.diagnostic(`${(await stat(path)).size} bytes, ${zipped} gzipped`);
  assert.ok(zipped <= 600_000, `${zipped} bytes`);
});

test('a Node process ends by itself after training', async () => {
  const begun = performance.now();
  await succeed('node', ['ten-lines.mjs', '2'], installed.folder);
  assert.ok(performance.now() - begun < 60_000);
});
