/** The package as a user has it: packed by npm, installed from the tarball in a folder of its own. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { succeed } from './run.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export const packageFolder = here('../../../pkg');
export const samples = here('../../../www/public/samples');
export const sampleFiles = ['penguins.csv', 'credit.csv'];

/** A folder with the package installed in it. */
export interface Installed {
  folder: string;
  tarball: string;
  /** The package, as a program in the folder imports it. */
  load(): Promise<typeof import('hedgerow')>;
  remove(): Promise<void>;
}

/** Packs and installs; the test programs and the sample data lie in the folder, too. */
export async function install(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-installed-'));
  const packed = await succeed('npm', ['pack', '--json', '--pack-destination', folder], packageFolder);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const tarball = join(folder, filename);
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await succeed(
    'npm',
    ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball],
    folder,
  );
  await cp(here('../programs'), folder, { recursive: true });
  for (const name of sampleFiles) await cp(join(samples, name), join(folder, name));
  return {
    folder,
    tarball,
    load: () => import(pathToFileURL(join(folder, 'node_modules/hedgerow/dist/index.js')).href),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The folder of a package among this repository's dependencies. */
export function dependency(name: string): string {
  const require = createRequire(import.meta.url);
  for (const path of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(`${path}/${name}/package.json`));
    } catch {
      // Not in this node_modules.
    }
  }
  throw new Error(`${name} is not installed`);
}
