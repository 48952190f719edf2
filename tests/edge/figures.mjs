/**
 * What exported models weigh and take, beside LightGBM, and what must hold of that. `cargo xtask bench --edge`
 * builds, and calls it:
 *
 *     node --import tsx figures.mjs --data FOLDER --out FOLDER --python PATH [--peers]
 *
 * With `--peers`, onnxruntime-web and ydf-inference are measured, too.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { workerd } from '../package/support/runtimes.ts';
import { unpacked } from '../peers/datasets.mjs';
import { cli } from './support/exports.ts';
import { forms, largest } from './support/largest.ts';
import { memoryInNode, memoryInWorkerd } from './support/memory.ts';
import { serve, start } from './support/servers.ts';

const text = { type: 'string' };
const { values: given } = parseArgs({
  options: { data: text, out: text, python: text, peers: { type: 'boolean' } },
});
const { out, python } = given;
const program = (name) => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
const json = (command, ...args) => JSON.parse(execFileSync(command, args, { encoding: 'utf8' }));

const synth = unpacked(given, 'synth200k');
const letter = unpacked(given, 'letter');
const boosted = exported('boosted', synth.train, 'y', '--learner gradient-boosting --set num_leaves=31');
const forest = exported('letter', letter.train, 'lettr', '');
const large = exported('large', letter.train, 'lettr', '--set n_estimators=300');

const ours = taken(`${boosted}/model.wasm`, synth.test);
const heavy = json('node', program('abi.mjs'), `${large}/model.wasm`, letter.test);
const theirs = json(python, program('lightgbm_predict.py'), synth.train, synth.test, 'y');

const requests = await costs({ boosted: [boosted, synth.test], letter: [forest, letter.test] });
const slowest = (runtime) => Math.max(...requests.map((row) => row[`${runtime}, ms`]));

const figures = [
  ['scorer without a model, gzipped kB', gzipped('../../pkg/dist/edge/scorer.wasm'), 20],
  ['forest of 100 on letter, gzipped kB', gzipped(`${forest}/model.wasm`), 2000],
  ['boosted 100 × 31, gzipped kB', gzipped(`${boosted}/model.wasm`), 100],
  ['boosted: from module to first answer in workerd, ms', await coldInWorkerd(boosted), 2],
  ['boosted: one row through the ABI in Node, µs', ours.one, 3],
  ['boosted: a row of a batch, ÷ LightGBM', ours.batch / theirs.batch, 0.33],
  ['the largest request that is accepted, of the slowest form, in Node, ms', slowest('node'), 10],
  ['the same in workerd, ms', slowest('cloudflare'), 10],
  [`memory of an instance with a model of ${size(`${large}/model.wasm`)} MB, MB`, heavy.memory, 64],
];
console.table(
  figures.map(([figure, value, bound]) => ({
    figure,
    value: Number(value.toPrecision(3)),
    bound,
    met: value <= bound,
  })),
);
if (given.peers) console.table(peers());
console.log('Processor time of the largest request that is accepted:');
console.table(requests);
console.log('Memory after the largest requests of all forms, in MB:');
console.table([...(await memory(boosted, synth.test)), ...(await memory(large, letter.test))]);
console.log(`a row of a batch: ${ours.batch.toFixed(2)} µs, LightGBM ${theirs.batch.toFixed(2)} µs`);
if (figures.some(([, value, bound]) => value > bound)) process.exitCode = 1;

/** Of every model and form, in the runtimes of two targets. */
async function costs(models) {
  const rows = [];
  for (const [model, [folder, csv]] of Object.entries(models)) {
    const table = rowsOf(csv);
    const measured = forms.map((form) => ({ model, form }));
    for (const target of ['node', 'cloudflare']) {
      const server = await serve(target, exportedTo(target, folder));
      try {
        for (const row of measured) {
          const { rows, milliseconds } = await largest(server, row.form, table);
          Object.assign(row, { rows, [`${target}, ms`]: Number(milliseconds.toPrecision(3)) });
        }
      } finally {
        await server.stop();
      }
    }
    rows.push(...measured);
  }
  return rows;
}

/** The part of a model's memory that is its own, and what the whole process has. */
async function memory(folder, csv) {
  const table = rowsOf(csv);
  const use = async (server) => {
    for (const form of forms) await largest(server, form, table);
  };
  const told = {
    Node: await memoryInNode(exportedTo('node', folder), use),
    workerd: await memoryInWorkerd(exportedTo('cloudflare', folder), use),
  };
  return Object.entries(told).map(([runtime, { memory, heap, rss }]) => ({
    runtime,
    model: Number(size(`${folder}/model.wasm`)),
    'WebAssembly memory': megabytes(memory),
    'JavaScript heap': megabytes(heap),
    'whole process': megabytes(rss),
  }));
}

function megabytes(bytes) {
  return Number((bytes / 1e6).toFixed(1));
}

/** The first rows of a CSV of numbers and a target. */
function rowsOf(csv) {
  const [head, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n', 1_000);
  const names = head.split(',');
  const numbers = (line) => line.split(',').map((cell, place) => [names[place], Number(cell)]);
  return lines.map((line) => Object.fromEntries(numbers(line)));
}

/** One row of the boosted model, and of one that YDF trained, beside others; and what each loads. */
function peers() {
  const path = (name) => fileURLToPath(new URL(`../peers/programs/${name}`, import.meta.url));
  const told = (name, model) => json('node', path(`${name}.mjs`), model, synth.test, 'y');
  execFileSync(python, [path('ydf_save.py'), synth.train, 'y', `${out}/edge/ydf`], { stdio: 'ignore' });
  const scorer = gzipped('../../pkg/dist/edge/scorer.wasm');
  const all = {
    Hedgerow: { one: ours.one, runtime: scorer, model: gzipped(`${boosted}/model.wasm`) - scorer },
    'onnxruntime-web': told('onnxruntime-web', `${exportedTo('onnx', boosted)}/model.onnx`),
    'ydf-inference': told('ydf-inference', `${out}/edge/ydf.zip`),
  };
  return Object.entries(all).map(([who, { one, runtime, model }]) => ({
    'boosted 100 × 31, one row': who,
    µs: Number(one.toPrecision(3)),
    '÷ Hedgerow': Number((one / ours.one).toPrecision(3)),
    'runtime, gzipped kB': Math.round(runtime),
    'model, gzipped kB': Math.round(model),
    'both ÷ Hedgerow': Number(((runtime + model) / (scorer + all.Hedgerow.model)).toPrecision(3)),
  }));
}

/** Exports a model of `exported` to another target; the folder. */
function exportedTo(target, folder) {
  const out = `${folder}/${target}`;
  const name = basename(folder);
  execFileSync(cli, ['export', `${folder}/model.safetensors`, '--to', target, '--name', name, '--out', out]);
  return out;
}

/** Trains 100 trees on all rows and exports the bare module; the folder. */
function exported(name, csv, target, options) {
  const folder = `${out}/edge/${name}`;
  mkdirSync(folder, { recursive: true });
  const model = `${folder}/model.safetensors`;
  const run = (command) => execFileSync(cli, command.split(' ').filter(Boolean), { stdio: 'ignore' });
  run(
    `train ${csv} --target ${target} --set n_estimators=100 ${options} --test-size 0 --no-track --out ${model}`,
  );
  run(`export ${model} --to wasm --name ${name} --out ${folder}`);
  return folder;
}

/** What a module takes: the middle of some processes, as one may be disturbed all its life. */
function taken(module, csv) {
  const runs = Array.from({ length: 5 }, () => json('node', program('abi.mjs'), module, csv));
  return { one: middle(runs.map(({ one }) => one)), batch: middle(runs.map(({ batch }) => batch)) };
}

function middle(five) {
  return five.toSorted((a, b) => a - b)[2];
}

/** The middle of some workers, each of which starts eight modules. */
async function coldInWorkerd(folder) {
  const copy = `${out}/edge/cold`;
  cpSync(program('cold'), copy, { recursive: true });
  const module = readFileSync(`${folder}/model.wasm`);
  for (let index = 0; index < 8; index += 1) {
    // A section of its own, since engines know modules of the same bytes.
    writeFileSync(`${copy}/model${index}.wasm`, Buffer.concat([module, Buffer.from([0, 2, 1, 48 + index])]));
  }
  const times = [];
  for (let time = 0; time < 5; time += 1) times.push(await coldOnce(copy));
  return middle(times);
}

async function coldOnce(folder) {
  const server = await start([...workerd(), 'serve', 'worker.capnp', '--control-fd', '1'], folder);
  try {
    return await (await fetch(server.url)).json();
  } finally {
    await server.stop();
  }
}

function gzipped(path) {
  return gzipSync(readFileSync(new URL(path, import.meta.url)), { level: 9 }).length / 1000;
}

function size(path) {
  return (readFileSync(path).length / 1e6).toFixed(1);
}
