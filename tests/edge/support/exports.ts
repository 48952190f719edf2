/** Models that the command line trains, exports, and says the answers of. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { succeed } from '../../package/support/run.js';
import { type Row, rowsWithout, table, toCsv } from './golden.js';

/** What a model says of a row, as the types of an export have it. */
export type Prediction = { value: number } | { label: string; probabilities: Record<string, number> };

/** How each is trained: its target, and the arguments. */
const recipes = {
  forest: ['species', '--set n_estimators=10'],
  'boosting-calibrated': [
    'sex',
    '--learner gradient-boosting --set n_estimators=10 --calibrate isotonic --threshold f1 --drop-missing-in sex',
  ],
  'boosting-regression': [
    'body_mass_g',
    '--learner gradient-boosting --set n_estimators=10 --drop-missing-in body_mass_g',
  ],
  ridge: ['body_mass_g', '--learner ridge --drop-missing-in body_mass_g'],
  logistic: ['species', '--learner logistic-regression --calibrate sigmoid'],
  mlp: ['species', '--learner mlp --set hidden_layer_sizes=[12] --set max_iter=20'],
  neighbors: ['species', '--learner k-nearest-neighbors --set weights=distance'],
  bayes: ['species', '--learner naive-bayes'],
  isolation: [undefined, '--learner isolation-forest --set n_estimators=10'],
} satisfies Record<string, Recipe>;

/** Those that record. */
const watched = {
  watched: ['species', '--set n_estimators=10'],
  'watched-challenger': ['species', '--learner logistic-regression'],
  'watched-regression': [
    'body_mass_g',
    '--learner gradient-boosting --set n_estimators=10 --drop-missing-in body_mass_g',
  ],
  'watched-anomaly': [undefined, '--learner isolation-forest --set n_estimators=10'],
} satisfies Record<string, Recipe>;

type Recipe = [target: string | undefined, options: string];

export type Name = keyof typeof recipes | keyof typeof watched;
export const names = Object.keys(recipes) as (keyof typeof recipes)[];

/** A trained model, rows for it, and the library's answers. */
export interface Trained {
  name: Name;
  rows: Row[];
  expected: Prediction[];
  /** The model file. */
  file: string;
  /** Writes a target's files; the folder. */
  exported(target: string): Promise<string>;
}

/** A folder of models, each made when it is first asked for. */
export interface Models {
  folder: string;
  trained(name: Name): Promise<Trained>;
  remove(): Promise<void>;
}

const built = fileURLToPath(new URL('../../../target/release/hedgerow', import.meta.url));
export const cli = process.env.HEDGEROW_CLI ?? built;

export async function models(): Promise<Models> {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-edge-'));
  await writeFile(join(folder, 'table.csv'), await table());
  const made = new Map<Name, Promise<Trained>>();
  return {
    folder,
    trained(name) {
      const known = made.get(name) ?? train(folder, name);
      made.set(name, known);
      return known;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function train(folder: string, name: Name): Promise<Trained> {
  const [target, options] = { ...recipes, ...watched }[name];
  const hedgerow = (...command: string[]) => succeed(cli, command, folder);
  const model = `${name}.safetensors`;
  const learnt = [
    ...(target === undefined ? [] : ['--target', target]),
    ...(name in watched ? [] : ['--no-profile']),
  ];
  await hedgerow('train', 'table.csv', ...learnt, ...options.split(' '), '--jobs', '1', '--out', model);
  const rows = rowsWithout(target);
  await writeFile(join(folder, `${name}.csv`), toCsv(rows));
  const told = JSON.parse(await hedgerow('predict', model, `${name}.csv`, '--proba', '--json')) as Told[];
  return {
    name,
    rows,
    expected: told.map(toPrediction),
    file: join(folder, model),
    exported: async (to) => {
      await hedgerow('export', model, '--to', to, '--name', name, '--out', join(name, to));
      return join(folder, name, to);
    },
  };
}

/** A row of `hedgerow predict --json`. */
type Told = Record<string, number | string>;

const CLASS = 'probability.';

function toPrediction(told: Told): Prediction {
  const predicted = Object.entries(told).find(([name]) => name.endsWith('.predicted'))?.[1];
  if (typeof predicted === 'number') return { value: predicted };
  const classes = Object.entries(told).filter(([name]) => name.startsWith(CLASS));
  const probabilities = Object.fromEntries(
    classes.map(([name, value]) => [name.slice(CLASS.length), Number(value)]),
  );
  return { label: String(predicted), probabilities };
}
