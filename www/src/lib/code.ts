/** The JavaScript and the command line that do what was clicked. */
import type { Declaration } from 'hedgerow';
import type { Cell } from '../worker/protocol.ts';
import { thresholdWord } from './adjusting.ts';
import * as format from './format.ts';
import { changedParams } from './parameters.ts';
import { type Params, type ParamValue, type Plan, splitOf } from './plan.ts';
import { baseName, type Recipe, USUAL_MISSING } from './recipe.ts';

export interface Snippet {
  label: 'JavaScript' | 'Command line';
  text: string;
}

/** A JavaScript literal in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, entry]) => `${objectKey(key)}: ${literal(entry)}`);
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}

function objectKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** An argument for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./=:,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Words, broken into lines that a terminal shows whole. */
export function command(...parts: string[][]): string {
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.map(shellWord).join(' '))
    .join(' \\\n  ');
}

export function readTable(recipe: Recipe): string[] {
  const options: Record<string, unknown> = {};
  if (recipe.encoding !== 'utf-8') options.encoding = recipe.encoding;
  if (recipe.missing.length > 0) options.missing = [...USUAL_MISSING, ...recipe.missing];
  if (Object.keys(recipe.kinds).length > 0) options.kinds = recipe.kinds;
  const more = Object.keys(options).length > 0 ? `, ${literal(options)}` : '';
  const dropped = recipe.dropped.length > 0;
  const lines = [
    `const response = await fetch(${quoted(recipe.name)});`,
    `const ${dropped ? 'read' : 'table'} = await Table.fromCsv(response${more});`,
  ];
  if (dropped) lines.push(`const table = read.dropMissing(${literal(recipe.dropped)});`);
  return lines;
}

export function readOptions(recipe: Recipe): string[][] {
  const kinds = Object.entries(recipe.kinds).map(([name, kind]) => ['--type', `${name}=${kind}`]);
  const encoding = recipe.encoding === 'utf-8' ? [] : ['--encoding', recipe.encoding];
  const spellings = recipe.missing.length > 0 ? [...USUAL_MISSING, ...recipe.missing] : [];
  const missing = spellings.flatMap((spelling) => ['--missing', spelling]);
  return [encoding, missing, ...kinds];
}

export function dataCode(recipe: Recipe): Snippet[] {
  const text = [
    "import { Table } from 'hedgerow';",
    '',
    ...readTable(recipe),
    'console.table(table.summary());',
  ];
  return [{ label: 'JavaScript', text: text.join('\n') }];
}

/** How the rows are dealt, and from which part of them the model learns. */
function splitLines(plan: Plan): string[] {
  const split = splitOf(plan);
  return split ? [`const { train: fit, test } = table.split(${literal(split)});`] : [];
}

/** How a plan was made: the learner as declared, and the columns that could have been learned from. */
export interface Setting {
  declared: Declaration;
  columns: string[];
}

function trainOptions(plan: Plan, { declared, columns }: Setting): string[] {
  return [
    ...dataOptions(plan, columns),
    `  learner: ${learnerLiteral(declared, plan.learner.params)},`,
    `  seed: ${plan.seed},`,
    ...adjustOptions(plan),
    ...(plan.profile ? [`  profile: ${plan.testShare === 0 ? 'true' : '{ heldOut: test }'},`] : []),
  ];
}

function adjustOptions({ adjustment = {} }: Plan): string[] {
  return Object.entries(adjustment).map(([name, value]) => `  ${name}: ${literal(value)},`);
}

function adjustFlags({ adjustment = {} }: Plan): string[] {
  const { calibrate, threshold } = adjustment;
  return [
    ...(calibrate ? ['--calibrate', calibrate] : []),
    ...(threshold ? ['--threshold', thresholdWord(threshold)] : []),
  ];
}

/** What to learn, and from what. */
export function dataOptions(plan: Plan, columns: string[]): string[] {
  const features = leftOut(plan, columns).length > 0 ? [`  features: ${literal(plan.features)},`] : [];
  return [
    ...(plan.target === null ? [] : [`  target: ${literal(plan.target)},`]),
    ...(toldByLearner(plan) ? [] : [`  task: ${literal(plan.task)},`]),
    ...features,
  ];
}

/** Whether the task need not be named. */
function toldByLearner({ task }: Plan): boolean {
  return task === 'auto' || task === 'anomaly';
}

export function targetFlag({ target }: Plan): string[] {
  return target === null ? [] : ['--target', target];
}

/** A learner with what differs from its defaults. */
export function learnerLiteral(declared: Declaration, params: Params): string {
  const changed = changedParams(declared, params);
  const own = Object.fromEntries(changed.map(({ parameter, value }) => [parameter.name, value]));
  return literal({ kind: declared.kind, ...own });
}

/** Parameters that differ from the defaults, for the command line. */
export function setFlags(declared: Declaration, params: Params): string[][] {
  const changed = changedParams(declared, params);
  return changed.map(({ parameter, value }) => ['--set', `${parameter.field}=${argument(value)}`]);
}

/** How to read the file, and what to learn from, for the command line. */
export function dataFlags(recipe: Recipe, plan: Plan, columns: string[]): string[][] {
  return [
    toldByLearner(plan) ? [] : ['--task', plan.task],
    ...readOptions(recipe),
    recipe.dropped.length > 0 ? ['--drop-missing-in', ...recipe.dropped] : [],
    leftOut(plan, columns).length > 0 ? ['--features', ...plan.features] : [],
  ];
}

/** A parameter's value as the command line reads it: JSON, or a plain text. */
function argument(value: ParamValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function leftOut(plan: Plan, columns: string[]): string[] {
  const kept = new Set([plan.target, ...plan.features]);
  return columns.filter((name) => !kept.has(name));
}

export function trainCode(recipe: Recipe, plan: Plan, setting: Setting): Snippet[] {
  const text = [
    "import { Table, train } from 'hedgerow';",
    '',
    ...readTable(recipe),
    ...splitLines(plan),
    `const model = await train(${plan.testShare === 0 ? 'table' : 'fit'}, {`,
    ...trainOptions(plan, setting),
    '});',
    ...(plan.testShare === 0 ? [] : ['const report = await model.evaluate(test);']),
    'const bytes = model.save();',
  ];
  return [
    { label: 'JavaScript', text: text.join('\n') },
    { label: 'Command line', text: trainCommand(recipe, plan, setting) },
  ];
}

function trainCommand(recipe: Recipe, plan: Plan, { declared, columns }: Setting): string {
  const tested = plan.testShare > 0;
  return command(
    ['hedgerow', 'train', recipe.name, ...targetFlag(plan)],
    ...dataFlags(recipe, plan, columns),
    ['--learner', plan.learner.kind],
    ...setFlags(declared, plan.learner.params),
    ['--test-size', String(plan.testShare), '--seed', String(plan.seed)],
    tested && plan.stratify ? ['--stratify'] : [],
    adjustFlags(plan),
    plan.profile ? [] : ['--no-profile'],
    ['--out', `${baseName(recipe.name)}.safetensors`, ...(tested ? ['--report', 'report.json'] : [])],
  );
}

export function evaluateCode(recipe: Recipe, modelFile: string): Snippet[] {
  const text = [
    "import { Model, Table } from 'hedgerow';",
    '',
    `const file = await fetch(${quoted(modelFile)});`,
    'const model = Model.load(await file.arrayBuffer());',
    ...readTable(recipe),
    'const report = await model.evaluate(table);',
  ];
  return [
    { label: 'JavaScript', text: text.join('\n') },
    {
      label: 'Command line',
      text: command(['hedgerow', 'evaluate', modelFile, recipe.name], ...readOptions(recipe)),
    },
  ];
}

/** `row` without what is missing; `dates` names its columns that hold milliseconds. */
export function predictCode(
  modelFile: string,
  row: Record<string, Cell>,
  dates: string[],
  proba: boolean,
): Snippet[] {
  const isDate = new Set(dates);
  const cells = Object.entries(row).map(([name, value]): [string, Cell] => [
    name,
    isDate.has(name) ? format.date(Number(value)) : value,
  ]);
  const fields = cells.map(
    ([name, value]) =>
      `${objectKey(name)}: ${isDate.has(name) ? `new Date(${literal(value)})` : literal(value)}`,
  );
  const text = [
    "import { Model } from 'hedgerow';",
    '',
    `const file = await fetch(${quoted(modelFile)});`,
    'const model = Model.load(await file.arrayBuffer());',
    'const [prediction] = model.predict([',
    `  { ${fields.join(', ')} },`,
    proba ? '], { proba: true });' : ']);',
  ];
  const csv = [cells.map(([name]) => name), cells.map(([, value]) => String(value ?? ''))]
    .map((line) => line.map(csvCell).join(','))
    .join('\n');
  const predict = command(['hedgerow', 'predict', modelFile, 'row.csv', ...(proba ? ['--proba'] : [])]);
  return [
    { label: 'JavaScript', text: text.join('\n') },
    { label: 'Command line', text: `cat > row.csv <<'CSV'\n${csv}\nCSV\n${predict}` },
  ];
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function inspectCode(modelFile: string): Snippet[] {
  const text = [
    "import { Model } from 'hedgerow';",
    '',
    `const file = await fetch(${quoted(modelFile)});`,
    'const model = Model.load(await file.arrayBuffer());',
    'console.log(model.sha256, model.info);',
  ];
  return [
    { label: 'JavaScript', text: text.join('\n') },
    { label: 'Command line', text: command(['hedgerow', 'inspect', modelFile]) },
  ];
}
