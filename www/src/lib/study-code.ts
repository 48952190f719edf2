/** The JavaScript and the command line of comparing, tuning and learning curves. */
import type { Declaration } from 'hedgerow';
import {
  command,
  dataFlags,
  dataOptions,
  learnerLiteral,
  literal,
  readTable,
  type Setting,
  type Snippet,
  setFlags,
  targetFlag,
} from './code.ts';
import type { Params, Plan } from './plan.ts';
import { baseName, type Recipe } from './recipe.ts';
import type { StudyChoice } from './studies.ts';

/** What is studied, and how the rows came about. */
interface Asked {
  recipe: Recipe;
  plan: Plan;
  choice: StudyChoice;
}

function foldOptions({ plan, choice }: Asked): string[] {
  return [
    `  folds: ${choice.folds},`,
    ...(choice.metric ? [`  metric: ${literal(choice.metric)},`] : []),
    `  seed: ${plan.seed},`,
  ];
}

function foldFlags({ plan, choice }: Asked): string[][] {
  return [
    ['--folds', String(choice.folds), '--seed', String(plan.seed)],
    choice.metric ? ['--metric', choice.metric] : [],
  ];
}

function script(asked: Asked, name: string, answer: string, options: string[], last: string): Snippet {
  const text = [
    `import { Table, ${name} } from 'hedgerow';`,
    '',
    ...readTable(asked.recipe),
    `const ${answer} = await ${name}(table, {`,
    ...options,
    '});',
    last,
  ];
  return { label: 'JavaScript', text: text.join('\n') };
}

/** `random-forest:n_estimators=200,max_depth=8`. */
function learnerWord(declared: Declaration, params: Params): string {
  const changed = setFlags(declared, params).map(([, set]) => set);
  return changed.length > 0 ? `${declared.kind}:${changed.join(',')}` : declared.kind;
}

export function compareCode(
  asked: Asked,
  learners: { declared: Declaration; params: Params }[],
  columns: string[],
): Snippet[] {
  const { recipe, plan } = asked;
  const list = learners.map(({ declared, params }) => `    ${learnerLiteral(declared, params)},`);
  const options = [...dataOptions(plan, columns), '  learners: [', ...list, '  ],', ...foldOptions(asked)];
  const text = command(
    ['hedgerow', 'compare', recipe.name, ...targetFlag(plan)],
    ...dataFlags(recipe, plan, columns),
    ...learners.map(({ declared, params }) => ['--learner', learnerWord(declared, params)]),
    ...foldFlags(asked),
  );
  return [
    script(asked, 'compare', '{ leaderboard }', options, 'console.table(leaderboard);'),
    { label: 'Command line', text },
  ];
}

export function tuneCode(asked: Asked, { declared, columns }: Setting): Snippet[] {
  const { recipe, plan, choice } = asked;
  const { params } = plan.learner;
  const options = [
    ...dataOptions(plan, columns),
    `  learner: ${learnerLiteral(declared, params)},`,
    `  trials: ${choice.trials},`,
    ...(choice.seconds ? [`  seconds: ${choice.seconds},`] : []),
    ...(choice.strategy === 'halving' ? ["  strategy: 'halving',"] : []),
    ...foldOptions(asked),
    ...(plan.profile ? ['  profile: true,'] : []),
  ];
  const text = command(
    ['hedgerow', 'tune', recipe.name, ...targetFlag(plan)],
    ...dataFlags(recipe, plan, columns),
    ['--learner', declared.kind],
    ...setFlags(declared, params),
    ['--trials', String(choice.trials)],
    choice.seconds ? ['--seconds', String(choice.seconds)] : [],
    choice.strategy === 'halving' ? ['--strategy', 'halving'] : [],
    ...foldFlags(asked),
    plan.profile ? [] : ['--no-profile'],
    ['--out', `${baseName(recipe.name)}.safetensors`],
  );
  return [
    script(asked, 'tune', '{ model, learner }', options, 'const bytes = model.save();'),
    { label: 'Command line', text },
  ];
}

export function curveCode(asked: Asked, { declared, columns }: Setting): Snippet[] {
  const options = [
    ...dataOptions(asked.plan, columns),
    `  learner: ${learnerLiteral(declared, asked.plan.learner.params)},`,
    ...foldOptions(asked),
  ];
  return [script(asked, 'learningCurve', '{ points }', options, 'console.table(points);')];
}
