/** What is said of an export: file names, the code that makes it, and how it is asked. */
import type { Export, ExportedFacts } from '../worker/protocol.ts';
import { command, literal, type Snippet } from './code.ts';

/** What the folder is called, and with `.zip` the download. */
export function folderName(name: string, target: string): string {
  return `${name}-${target}`;
}

export function exportCode(modelFile: string, { target, name }: Export, made: string): Snippet[] {
  const options = name === null ? '' : `, ${literal({ name })}`;
  const text = [
    "import { Model } from 'hedgerow';",
    '',
    `const file = await fetch(${literal(modelFile)});`,
    'const model = Model.load(await file.arrayBuffer());',
    `const files = await model.export(${literal(target)}${options});`,
    'for (const { path, bytes } of files) console.log(path, bytes.length);',
  ];
  const words = command(
    ['hedgerow', 'export', modelFile, '--to', target],
    name === null ? [] : ['--name', name],
    ['--out', folderName(made, target)],
  );
  return [
    { label: 'JavaScript', text: text.join('\n') },
    { label: 'Command line', text: words },
  ];
}

/** The same of a router. A registered version is no file that JavaScript could fetch. */
export function routerCode(
  modelFile: string,
  challenger: { called: string; isFile: boolean },
  { weight, name }: { weight: number; name: string | null },
  made: string,
): Snippet[] {
  const options = { ...(name !== null && { name }), weight };
  const text = [
    "import { Model } from 'hedgerow';",
    '',
    'const load = async (file) => Model.load(await (await fetch(file)).arrayBuffer());',
    `const champion = await load(${literal(modelFile)});`,
    `const challenger = await load(${literal(challenger.called)});`,
    `const files = await champion.exportRouter(challenger, ${literal(options)});`,
    'for (const { path, bytes } of files) console.log(path, bytes.length);',
  ];
  const words = command(
    ['hedgerow', 'export', modelFile, '--to', 'router'],
    ['--with', challenger.called, '--weight', String(weight)],
    name === null ? [] : ['--name', name],
    ['--out', folderName(made, 'router')],
  );
  const snippets: Snippet[] = [
    { label: 'JavaScript', text: text.join('\n') },
    { label: 'Command line', text: words },
  ];
  return challenger.isFile ? snippets : snippets.slice(1);
}

/** A request as one types it. */
export function curl(address: string, body: string): string {
  return command(['curl', address], ['-H', 'content-type: application/json'], ['-d', body]);
}

/** Bytes of all files together. */
export function total(files: readonly ExportedFacts[]): { bytes: number; gzipped: number } {
  const sum = (of: 'bytes' | 'gzipped') => files.reduce((so, file) => so + file[of], 0);
  return { bytes: sum('bytes'), gzipped: sum('gzipped') };
}
