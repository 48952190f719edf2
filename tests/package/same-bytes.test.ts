/** A CSV, parameters and a seed give one model, byte for byte: on the command line, in Node and in Chromium. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Learner } from 'hedgerow';
import { type App, openApp } from './support/browser.js';
import { type Installed, install } from './support/installed.js';
import { succeed } from './support/run.js';

const built = fileURLToPath(new URL('../../target/release/hedgerow', import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? built;

interface Case {
  file: string;
  /** None where anomalies are looked for. */
  target?: string;
  learner: Learner;
  seed: number;
}

const forest = (nEstimators: number) => ({ kind: 'random-forest', nEstimators }) as const;
/** Three classes; two classes, with gaps in the target; many rows and categories; numbers. */
const forests: Case[] = [
  { file: 'penguins.csv', target: 'species', learner: forest(100), seed: 42 },
  { file: 'penguins.csv', target: 'sex', learner: forest(50), seed: 7 },
  { file: 'credit.csv', target: 'Status', learner: forest(50), seed: 42 },
  { file: 'credit.csv', target: 'Amount', learner: forest(20), seed: 3 },
];
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

/** Parameters as `--set` takes them; they may be spelled as in JavaScript there, too. */
async function onCommandLine({ file, target, learner, seed }: Case, jobs: number): Promise<string> {
  const { kind, ...params } = learner;
  const args = ['train', file, '--test-size', '0', '--no-profile'];
  if (target) args.push('--target', target, '--drop-missing-in', target);
  args.push('--learner', kind, '--seed', `${seed}`, '--jobs', `${jobs}`);
  for (const [name, value] of Object.entries(params)) args.push('--set', `${name}=${JSON.stringify(value)}`);
  await succeed(cli, [...args, '--out', 'model.safetensors'], installed.folder);
  const inspected = JSON.parse(
    await succeed(cli, ['--json', 'inspect', 'model.safetensors'], installed.folder),
  );
  return inspected.sha256;
}

/** Trains everywhere, with each number of threads or workers. */
async function assertSame(options: Case, counts: number[]): Promise<string> {
  const csv = new Blob([await readFile(join(installed.folder, options.file))]);
  const hashes: Record<string, string> = {};
  for (const workers of counts) {
    hashes[`command line, ${workers} threads`] = await onCommandLine(options, workers);
    hashes[`Node, ${workers} workers`] = await trainedHash(csv, options, workers);
    const inPage = `trainedHash('${options.file}', ${JSON.stringify(options)}, ${workers})`;
    hashes[`Chromium, ${workers} workers`] = await app.page.evaluate<string>(inPage);
  }
  const [first = ''] = Object.values(hashes);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    Object.entries(hashes).filter(([, hash]) => hash !== first),
    [],
  );
  return first;
}

for (const options of forests) {
  test(`a forest on ${options.file}, predicting ${options.target}`, async (context) => {
    context.diagnostic(`sha256 ${await assertSame(options, [1, 2, 4])}`);
  });
}

/** Missing values and categories are learned from as they are; the threshold is part of the model. */
test('an isolation forest, without a target', async (context) => {
  const learner = { kind: 'isolation-forest', contamination: 0.05 } as const;
  for (const file of ['penguins.csv', 'credit.csv']) {
    context.diagnostic(`sha256 ${await assertSame({ file, learner, seed: 42 }, [1, 2])}`);
  }
});

test('every learner, with its defaults', async (context) => {
  const targets = { classification: 'species', regression: 'body_mass_g' } as const;
  const { learners } = await installed.load();
  for (const { kind, tasks } of learners()) {
    for (const task of tasks) {
      const target = targets[task as keyof typeof targets];
      if (!target) continue;
      await context.test(`${kind}: ${target}`, async () => {
        const learner = { kind } as Learner;
        await assertSame({ file: 'penguins.csv', target, learner, seed: 42 }, [1, 2]);
      });
    }
  }
});
