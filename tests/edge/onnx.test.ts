/**
 * ONNX files, by other software than ours: what `hedgerow export` writes is run by onnxruntime, and what
 * scikit-learn's, LightGBM's and XGBoost's converters write is imported and predicts as those do. Python with
 * the packages of `onnx/requirements.txt` is in `ONNX_PYTHON`.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run, succeed } from '../package/support/run.js';

const target = (path: string) => fileURLToPath(new URL(`../../target/${path}`, import.meta.url));
const cli = process.env.HEDGEROW_CLI ?? target('release/hedgerow');
const python = process.env.ONNX_PYTHON ?? target('onnx-venv/bin/python');
const script = (name: string) => fileURLToPath(new URL(`onnx/${name}.py`, import.meta.url));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-onnx-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Learner {
  kind: string;
  tasks: string[];
}

/** One learner on one target, with more arguments for `hedgerow train`. */
interface Case {
  learner: string;
  column: string;
  more: string[];
}

const columns = ['size', 'age', 'member', 'job', 'since'];

/** A table of every kind of column with gaps; rows that are predicted have categories of their own. */
function table(rows: number, predicted: boolean): string {
  const words = predicted ? ['zebra', 'cleric'] : ['clerk', 'chef'];
  const jobs = ['clerk', 'nurse', '', 'chef', 'päst', 'pilot', ...words];
  const lines = [[...columns, 'level', 'group', 'code', 'price'].join()];
  for (let row = 0; row < rows; row++) {
    const [a, b] = [row + (predicted ? 5 : 0), predicted ? 17 : 13];
    const size = ((a * 37) % 101) / 7;
    const age = a % 11 === 3 ? '' : ((a * b) % 60) + 18;
    const job = jobs[(a * 5) % jobs.length] ?? '';
    const part = (value: number) => `${value}`.padStart(2, '0');
    const day = `${1995 + (a % 40)}-${part(1 + (a % 12))}-${part(1 + ((a * 7) % 28))}`;
    const since = a % 9 === 4 ? '' : day;
    const price = size * 2 + ((a * b) % 60) / 9 + (job === 'chef' ? 9 : 0);
    const level = price > 20 ? 'high' : 'low';
    const code = 7 + (Math.floor(price / 14) % 3);
    const group = ['red', 'green', 'blue'][code - 7];
    lines.push(
      [size, age, ['true', 'false', 'true', ''][a % 4], job, since, level, group, code, price].join(),
    );
  }
  return lines.join('\n');
}

function casesOf({ kind, tasks }: Learner): Case[] {
  const case_ = (column: string, ...more: string[]) => ({ learner: kind, column, more });
  return tasks.flatMap((task) => {
    if (task === 'regression') return [case_('price')];
    if (task !== 'classification') return [case_('level')];
    const adjusted = case_('level', '--calibrate', 'isotonic', '--threshold', 'f1');
    const numbered = case_('code', '--task', 'classification');
    return [case_('level'), numbered, adjusted, case_('group', '--calibrate', 'sigmoid')];
  });
}

async function exportCase({ learner, column, more }: Case, out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const args = ['train', '../table.csv', '--learner', learner, '--target', column, '--features', ...columns];
  await succeed(cli, [...args, '--test-size', '0', ...more, '--out', 'model.safetensors'], out);
  await succeed(cli, ['export', 'model.safetensors', '--to', 'onnx', '--out', '.'], out);
  const predicted = await succeed(cli, ['predict', 'model.safetensors', '../rows.csv', '--proba'], out);
  await writeFile(join(out, 'predicted.csv'), predicted);
  await writeFile(join(out, 'rows.csv'), table(400, true));
}

test('onnxruntime predicts from exported files as the library does', async (context) => {
  const exported = join(folder, 'exported');
  await mkdir(exported);
  await writeFile(join(exported, 'table.csv'), table(600, false));
  await writeFile(join(exported, 'rows.csv'), table(400, true));
  const learners: Learner[] = JSON.parse(await succeed(cli, ['--json', 'learners'], folder));
  for (const one of learners.flatMap(casesOf)) {
    const name = [one.learner, one.column, ...one.more.filter((word) => !word.startsWith('--'))].join(' ');
    await exportCase(one, join(exported, name));
  }
  const found: Record<string, { difference: number; labels: number }> = JSON.parse(
    await succeed(python, [script('check'), exported], folder),
  );
  for (const [name, { difference, labels }] of Object.entries(found)) {
    context.diagnostic(`${name}: ${difference}, ${labels} other labels`);
    // Neural networks add floats up, each in an order of its own; what comes of that grows where a curve
    // of corrections is steep.
    const most = !name.startsWith('mlp') ? 1e-9 : name.includes('isotonic') ? 1e-4 : 1e-6;
    assert.ok(difference <= most, `${name} differs by ${difference}`);
    assert.equal(labels, 0, `${name} has other labels`);
  }
});

const rows = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(','));

test('models of scikit-learn, LightGBM and XGBoost predict as there', async (context) => {
  const converted = join(folder, 'converted');
  await succeed(python, [script('convert'), converted], folder);
  for (const name of await readdir(converted)) {
    const at = join(converted, name);
    await succeed(cli, ['import', 'model.onnx', '--out', 'model.safetensors'], at);
    const args = ['predict', 'model.safetensors', 'rows.csv', '--proba'];
    // Categories that are spelled as numbers.
    if (name.startsWith('numbered')) args.push('--type', 'code=category');
    const predicted = await succeed(cli, args, at);
    const expected = rows(await readFile(join(at, 'expected.csv'), 'utf8'));
    const found = rows(predicted).slice(1);
    assert.equal(found.length, expected.length);
    let most = 0;
    expected.forEach((values, row) => {
      const own = found[row]?.slice(-values.length) ?? [];
      values.forEach((value, place) => {
        const size = Math.max(1, Math.abs(Number(value)));
        most = Math.max(most, Math.abs(Number(own[place]) - Number(value)) / size);
      });
    });
    context.diagnostic(`${name}: ${most}`);
    assert.ok(most <= 1e-5, `${name} differs by ${most}`);
  }
});

test('an imported model is exported like any other', async () => {
  const at = join(folder, 'converted', 'one-hot-linear');
  const out = join(folder, 'again', 'one-hot-linear');
  await mkdir(out, { recursive: true });
  await succeed(cli, ['export', 'model.safetensors', '--to', 'onnx', '--out', out], at);
  await writeFile(join(out, 'rows.csv'), await readFile(join(at, 'rows.csv')));
  const predicted = await succeed(cli, ['predict', 'model.safetensors', 'rows.csv', '--proba'], at);
  await writeFile(join(out, 'predicted.csv'), predicted);
  const checked = JSON.parse(await succeed(python, [script('check'), join(folder, 'again')], folder));
  assert.ok(checked['one-hot-linear'].difference < 1e-9);
  assert.equal(checked['one-hot-linear'].labels, 0);
});

test('what is no ONNX file, or holds what is not known, is refused by name', async () => {
  await writeFile(join(folder, 'text.onnx'), 'no model');
  const import_ = (file: string) => run(cli, ['--json', 'import', file, '--out', 'none.safetensors'], folder);
  const damaged = await import_('text.onnx');
  assert.equal(damaged.code, 4);
  assert.equal(JSON.parse(damaged.stderr).error.code, 'onnx_damaged');
  const network = join(folder, 'exported', 'mlp price', 'model.onnx');
  const unknown = await import_(network);
  assert.equal(unknown.code, 4);
  const { code, message, details } = JSON.parse(unknown.stderr).error;
  assert.equal(code, 'onnx_unsupported_operator');
  assert.match(message, new RegExp(`the operator ${details.value} cannot be imported`));
});
