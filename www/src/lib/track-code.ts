/** The JavaScript and the command line of runs and registered models. */
import { command, literal, type Snippet } from './code.ts';

/** What the workspace is called when it is downloaded: the command line looks for it by this name. */
export const WORKSPACE_FILE = 'hedgerow.sqlite';

export function script(...lines: string[]): Snippet {
  const text = [
    "import { openWorkspace } from 'hedgerow/track';",
    '',
    'const workspace = await openWorkspace();',
    ...lines,
  ];
  return { label: 'JavaScript', text: text.join('\n') };
}

/** Commands on the downloaded workspace. */
export function commands(...lines: string[]): Snippet {
  const text = [`# in the folder of the downloaded ${WORKSPACE_FILE}`, ...lines];
  return { label: 'Command line', text: text.join('\n') };
}

export interface Asked {
  filter: string;
  orderBy: string;
  experiment: string | null;
  /** Those that are part of others, too. */
  parts: boolean;
}

export function runsCode({ filter, orderBy, experiment, parts }: Asked): Snippet[] {
  const query = {
    ...(filter && { filter }),
    ...(orderBy && { orderBy }),
    ...(experiment !== null && { experiment }),
    ...(!parts && { parent: '' }),
  };
  return [
    script(`const { runs, total } = await workspace.runs(${literal(query)});`, 'console.table(runs);'),
    commands(
      command(
        ['hedgerow', 'runs'],
        filter ? ['--filter', filter] : [],
        orderBy ? ['--order-by', orderBy] : [],
        experiment === null ? [] : ['--experiment', experiment],
        parts ? ['--all'] : [],
      ),
    ),
  ];
}

/** What a run can be used for. */
export interface Uses {
  /** The file that it learned from, where it can be done again. */
  data: string | null;
  /** What its model is registered as, where it has one. */
  name: string | null;
}

export function runCode(id: string, { data, name }: Uses): Snippet[] {
  const register =
    name === null ? [] : [`const { version } = await workspace.register(${literal({ name, run: id })});`];
  return [
    script(`console.log(await workspace.run(${literal(id)}));`, ...register),
    commands(
      command(['hedgerow', 'runs', 'show', id]),
      ...(data === null ? [] : [command(['hedgerow', 'reproduce', id, '--data', data])]),
      ...(name === null ? [] : [command(['hedgerow', 'register', id, '--name', name])]),
    ),
  ];
}

export function compareRunsCode(ids: string[]): Snippet[] {
  return [
    script(`const { params, metrics } = await workspace.compare(${literal(ids)});`, 'console.table(params);'),
    commands(command(['hedgerow', 'runs', 'compare', ...ids])),
  ];
}

export function promoteCode(name: string, version: number, alias: string, reason: string): Snippet[] {
  const why = reason || 'better on the test rows';
  return [
    script(
      `await workspace.promote(${[name, version, alias, why].map(literal).join(', ')});`,
      `const bytes = await workspace.versionBytes(${literal(`${name}@${alias}`)});`,
    ),
    commands(
      command(['hedgerow', 'promote', `${name}/${version}`, '--alias', alias, '--reason', why]),
      command(['hedgerow', 'verify']),
    ),
  ];
}
