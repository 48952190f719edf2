/** A CSV, parameters and a seed give one model, byte for byte: on the command line, in Node and in Chromium. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type App, openApp } from './support/browser.js';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

/** Three classes; two classes, with gaps in the target; many rows and categories; numbers. */
const cases = [
  { file: 'penguins.csv', target: 'species', nEstimators: 100, seed: 42 },
  { file: 'penguins.csv', target: 'sex', nEstimators: 50, seed: 7 },
  { file: 'credit.csv', target: 'Status', nEstimators: 50, seed: 42 },
  { file: 'credit.csv', target: 'Amount', nEstimators: 20, seed: 3 },
];
type Case = (typeof cases)[number];
type TrainedHash = (csv: Blob, options: Case, workers: number) => Promise<string>;

let installed: Installed;
let app: App;
let trainedHash: TrainedHash;

before(async () => {
  installed = await install();
  app = await openApp(installed);
  ({ trainedHash } = await import(pathToFileURL(join(installed.folder, 'trained-hash.mjs')).href));
});
after(async () => {
  await app?.browser.close();
  app?.server.close();
  await installed?.remove();
});

async function onCommandLine({ file, target, nEstimators, seed }: Case, jobs: number): Promise<string> {
  const args = ['train', file, '--target', target, '--drop-missing-in', target, '--test-size', '0'];
  args.push('--set', `n_estimators=${nEstimators}`, '--seed', `${seed}`, '--jobs', `${jobs}`);
  await succeed(cli, [...args, '--out', 'model.safetensors'], installed.folder);
  const inspected = JSON.parse(
    await succeed(cli, ['--json', 'inspect', 'model.safetensors'], installed.folder),
  );
  return inspected.sha256;
}

for (const options of cases) {
  test(`${options.file}, predicting ${options.target}`, async (context) => {
    const csv = new Blob([await readFile(join(installed.folder, options.file))]);
    const hashes: Record<string, string> = {};
    for (const workers of [1, 2, 4]) {
      hashes[`command line, ${workers} threads`] = await onCommandLine(options, workers);
      hashes[`Node, ${workers} workers`] = await trainedHash(csv, options, workers);
      const inPage = `trainedHash('${options.file}', ${JSON.stringify(options)}, ${workers})`;
      hashes[`Chromium, ${workers} workers`] = await app.page.evaluate<string>(inPage);
    }
    const [first] = Object.values(hashes);
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    context.diagnostic(`sha256 ${first}`);
    assert.deepEqual(
      Object.entries(hashes).filter(([, hash]) => hash !== first),
      [],
    );
  });
}
