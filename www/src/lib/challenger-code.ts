/** The JavaScript and the command line that train and judge a challenger as the Monitor view does. */
import type { Declaration, ModelInfo, TrainOptions } from 'hedgerow';
import type { PromotionRule } from 'hedgerow/monitor';
import { holdOut, labelledReading, type RunRecipe, readingOf } from './challenger.ts';
import { command, learnerLiteral, literal, type Snippet } from './code.ts';
import type { Params } from './plan.ts';
import { type RunReading, unusual } from './run-reading.ts';

export interface Challenging {
  info: ModelInfo;
  declared: Declaration;
  /** What it is trained with. */
  options: TrainOptions;
  recipe: RunRecipe | null;
  modelFile: string;
  /** The registered version that the champion is, where it is one. */
  version: string | null;
  data: string;
  rule: Partial<PromotionRule>;
  /** Whether the champion has a training profile, as the challenger then has. */
  profile: boolean;
}

export function challengerCode(challenging: Challenging): Snippet[] {
  return [
    { label: 'JavaScript', text: script(challenging) },
    { label: 'Command line', text: commands(challenging) },
  ];
}

function script({ info, declared, options, recipe, modelFile, data, rule, profile }: Challenging): string {
  const { learner, ...rest } = options;
  const { kind: _, ...params } = learner as { kind: string } & Params;
  const { csv, ...reading } = readingOf(info, recipe);
  const own = Object.keys(rule).length > 0 ? `, ${literal(rule)}` : '';
  return [
    "import { Model, Table, train } from 'hedgerow';",
    "import { judge } from 'hedgerow/monitor';",
    '',
    `const file = await fetch(${literal(modelFile)});`,
    'const champion = Model.load(await file.arrayBuffer());',
    `const all = await Table.fromCsv(await fetch(${literal(data)}), ${literal(unusual(csv))});`,
    `const rows = all${dropped(info, reading)};`,
    `const { train: fit, test } = rows.split(${literal(holdOut(info))});`,
    'const challenger = await train(fit, {',
    `  learner: ${learnerLiteral(declared, params)},`,
    ...Object.entries(withoutNulls(rest)).map(([name, value]) => `  ${name}: ${literal(value)},`),
    ...(profile ? ['  profile: { heldOut: test },'] : []),
    '});',
    `const { promote, reason } = await judge(champion, challenger, test${own});`,
    'console.log(promote, reason);',
  ].join('\n');
}

/** Calls that leave out what the run left out, and rows without a target. */
function dropped(info: ModelInfo, reading: Omit<Required<RunReading>, 'csv'>): string {
  const { drop, dropMissing, dropMissingIn } = labelledReading(info, { csv: {}, ...reading });
  return [
    ...(drop.length > 0 ? [`.drop(${literal(drop)})`] : []),
    `.dropMissing(${literal(dropMissingIn)})`,
    ...(dropMissing ? ['.dropMissing()'] : []),
  ].join('');
}

/** What is null is as usual. */
function withoutNulls(options: object): object {
  const known = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  const plain = known.map(([name, value]) => [name, isPlain(value) ? withoutNulls(value) : value]);
  return Object.fromEntries(plain);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function commands({ modelFile, version, data, rule }: Challenging): string {
  const hasRule = Object.keys(rule).length > 0;
  const policy = `cat > policy.json <<'JSON'\n${JSON.stringify({ promotion: rule }, null, 2)}\nJSON`;
  return [
    ...(hasRule ? [policy] : []),
    command(
      ['hedgerow', 'retrain', version ?? modelFile, data, '--force'],
      hasRule ? ['--policy', 'policy.json'] : [],
      version === null ? ['--out', 'challenger.safetensors'] : ['--promote'],
    ),
  ].join('\n');
}
