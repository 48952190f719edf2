/** The JavaScript and the command line that watch a model as the Monitor view does. */
import type { Rule } from 'hedgerow/monitor';
import { command, literal, readOptions, readTable, type Snippet } from './code.ts';
import { rulesText } from './drift.ts';
import { each, named, saved } from './places-code.ts';
import type { Recipe } from './recipe.ts';
import { type CsvReading, readingFlags } from './run-reading.ts';
import { type Asked, askedOf } from './services.ts';

/** Where new rows came from. */
export interface Place {
  name: string;
  kind: 'rows' | 'profile' | 'service';
}

export interface Watching {
  modelFile: string;
  /** How the table was read that stands for the rows trained on; null where the model has a profile. */
  reference: Recipe | null;
  places: readonly Place[];
  /** Null are the usual ones. */
  rules: readonly Rule[] | null;
  /** How files of rows are read, where that is not as usual. */
  reading: CsvReading;
  /** Places are times one after the other. */
  windows: boolean;
}

export function monitorCode(watching: Watching): Snippet[] {
  return [
    { label: 'JavaScript', text: script(watching) },
    { label: 'Command line', text: commands(watching) },
  ];
}

function script({ modelFile, reference, places, reading, rules, windows }: Watching): string {
  const [tables, profiles, services] = [
    named(places, 'rows'),
    named(places, 'profile'),
    named(places, 'service'),
  ];
  const asked = services.map(askedOf);
  const isSpan = ({ from, to }: Asked) => from !== undefined || to !== undefined;
  const [plain, spans] = [asked.filter((one) => !isSpan(one)).map(({ url }) => url), asked.filter(isSpan)];
  const how = Object.keys(reading).length > 0 ? `, ${literal(reading)}` : '';
  const own = rules === null ? [] : [`const rules = ${literal(rules)};`];
  const options = [...(rules === null ? [] : ['rules']), ...(windows ? ['windows: true'] : [])];
  return [
    `import { Model${reference || tables.length > 0 ? ', Table' : ''} } from 'hedgerow';`,
    "import { Monitor } from 'hedgerow/monitor';",
    '',
    `const file = await fetch(${literal(modelFile)});`,
    'const model = Model.load(await file.arrayBuffer());',
    ...(reference ? readTable(reference) : []),
    `const watch = await Monitor.of(model${reference ? ', { reference: table }' : ''});`,
    'const profiles = [];',
    ...each('name', tables, [
      `const rows = await Table.fromCsv(await fetch(name)${how});`,
      'const { profile, findings } = await watch.profile(rows);',
      'profiles.push(profile);',
      'console.log(name, findings);',
    ]),
    ...each('name', profiles, ['profiles.push(new Uint8Array(await (await fetch(name)).arrayBuffer()));']),
    ...each('url', plain, ['profiles.push(await watch.fetch(url));']),
    ...spans.map(
      ({ url, from, to }) => `profiles.push(await watch.fetch(${literal(url)}, ${spanLiteral(from, to)}));`,
    ),
    ...own,
    `const report = watch.report(profiles${options.length > 0 ? `, { ${options.join(', ')} }` : ''});`,
    'console.log(report.alarms, report.columns);',
  ].join('\n');
}

/** When a service is asked about. */
function spanLiteral(from: Date | undefined, to: Date | undefined): string {
  const times = Object.entries({ from, to }).flatMap(([name, time]) =>
    time ? [`${name}: new Date(${literal(time.toISOString())})`] : [],
  );
  return `{ ${times.join(', ')} }`;
}

function commands({ modelFile, reference, places, reading, rules, windows }: Watching): string {
  const services = saved(named(places, 'service'), { path: 'profile', stem: 'service', ending: 'hgp' });
  const files = places.filter(({ kind }) => kind !== 'service').map(({ name }) => name);
  return [
    ...services.lines,
    ...(rules === null ? [] : [`cat > rules.json <<'JSON'\n${rulesText(rules)}\nJSON`]),
    command(
      ['hedgerow', 'monitor', 'check', modelFile, ...files, ...services.files],
      reference ? ['--reference', reference.name] : [],
      ...(reference ? readOptions(reference) : readingFlags(reading)),
      rules === null ? [] : ['--rules', 'rules.json'],
      windows ? ['--windows'] : [],
    ),
  ].join('\n');
}
