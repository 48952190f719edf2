/** The JavaScript and the command line that compare variants as the Monitor view does, and plan tests. */
import type { PlanOptions } from 'hedgerow/monitor';
import { command, literal, type Snippet } from './code.ts';
import type { UnitColumns } from './experiment.ts';
import { each, named, saved } from './places-code.ts';

export interface AbPlace {
  name: string;
  kind: 'rows' | 'counts' | 'router';
}

export interface Comparing {
  places: readonly AbPlace[];
  by: UnitColumns | null;
  /** Null where counts tell it, or it is the first by name. */
  control: string | null;
  weights: Record<string, number>;
  alpha: number;
  lowerIsBetter: boolean;
}

const USUAL_ALPHA = 0.05;

export function compareCode(comparing: Comparing): Snippet[] {
  return [
    { label: 'JavaScript', text: script(comparing) },
    { label: 'Command line', text: commands(comparing) },
  ];
}

function script({ places, by, control, weights, alpha, lowerIsBetter }: Comparing): string {
  const [tables, files, routers] = [named(places, 'rows'), named(places, 'counts'), named(places, 'router')];
  const options = {
    ...(alpha !== USUAL_ALPHA && { alpha }),
    ...(lowerIsBetter && { lowerIsBetter }),
  };
  const own = { ...(control !== null && { control }), ...(hasWeights(weights) && { weights }) };
  const isTold = Object.keys(own).length > 0;
  const imports = [
    'compareVariants',
    ...(tables.length > 0 ? ['countVariants'] : []),
    ...(routers.length > 0 ? ['fetchExperiment'] : []),
  ];
  return [
    ...(tables.length > 0 ? ["import { Table } from 'hedgerow';"] : []),
    `import { ${imports.join(', ')} } from 'hedgerow/monitor';`,
    '',
    `const all = [${isTold ? literal({ variants: {}, ...own }) : ''}];`,
    ...each('name', tables, [
      'const table = await Table.fromCsv(await fetch(name));',
      `const { counts } = await countVariants(table, ${literal(by ? given(by) : {})});`,
      'all.push(counts);',
    ]),
    ...each('name', files, ['all.push(await (await fetch(name)).json());']),
    ...each('url', routers, ['all.push(await fetchExperiment(url));']),
    `const report = await compareVariants(all${Object.keys(options).length > 0 ? `, ${literal(options)}` : ''});`,
    'for (const { message } of report.comparisons) console.log(message);',
  ].join('\n');
}

function given({ variant, outcome, success, covariate }: UnitColumns): object {
  return {
    variant,
    outcome,
    ...(success !== null && { success }),
    ...(covariate !== null && { covariate }),
  };
}

function hasWeights(weights: Record<string, number>): boolean {
  return Object.keys(weights).length > 0;
}

function commands({ places, by, control, weights, alpha, lowerIsBetter }: Comparing): string {
  const routers = saved(named(places, 'router'), { path: 'experiment', stem: 'router', ending: 'json' });
  const rows = named(places, 'rows');
  const spread = Object.entries(weights).map(([name, weight]) => `${name}=${weight}`);
  return [
    ...routers.lines,
    command(
      ['hedgerow', 'ab', 'compare', ...rows, ...named(places, 'counts'), ...routers.files],
      rows.length > 0 && by ? columnFlags(by) : [],
      control === null ? [] : ['--control', control],
      spread.length > 0 ? ['--weights', spread.join(',')] : [],
      alpha === USUAL_ALPHA ? [] : ['--alpha', String(alpha)],
      lowerIsBetter ? ['--lower-is-better'] : [],
    ),
  ].join('\n');
}

function columnFlags({ variant, outcome, success, covariate }: UnitColumns): string[] {
  return [
    '--variant',
    variant,
    '--outcome',
    outcome,
    ...(success === null ? [] : ['--success', success]),
    ...(covariate === null ? [] : ['--covariate', covariate]),
  ];
}

export function planCode(options: Partial<PlanOptions>): Snippet[] {
  const flags = Object.entries(options).map(([name, value]) => [`--${name}`, String(value)]);
  return [
    {
      label: 'JavaScript',
      text: [
        "import { planExperiment } from 'hedgerow/monitor';",
        '',
        `const plan = await planExperiment(${literal(options)});`,
        'console.log(plan.once, plan.anyTime);',
      ].join('\n'),
    },
    { label: 'Command line', text: command(['hedgerow', 'ab', 'plan'], ...flags) },
  ];
}
