/** Calls about what a model is exported to. */
import type { ExportedFile } from 'hedgerow';
import type { Args } from './calls.ts';
import { library } from './library.ts';
import type { Exported, ExportedFacts, TargetFacts } from './protocol.ts';
import { theModel } from './session.ts';
import { started } from './trying.ts';
import { modelOf } from './which.ts';

export async function targets(): Promise<TargetFacts[]> {
  return (await library()).exportTargets();
}

export function filesOf({ target, name }: Args<'exportTo'>): Promise<ExportedFile[]> {
  return theModel().export(target, name === null ? {} : { name });
}

export async function routerFilesOf({
  challenger,
  weight,
  name,
}: Args<'routerZip'>): Promise<ExportedFile[]> {
  const other = await modelOf(challenger);
  return theModel().exportRouter(other, { weight, ...(name !== null && { name }) });
}

const moduleIn = (files: ExportedFile[]) => files.find(({ path }) => path === 'model.wasm')?.bytes;

/** What comes out; the module of it is started. Of what has none, the bare module tells the name. */
export async function exportTo(args: Args<'exportTo'>): Promise<Exported> {
  const files = await filesOf(args);
  const module = moduleIn(files);
  const bare = module ?? moduleIn(await filesOf({ ...args, target: 'wasm' }));
  const { scorer, start } = await started(bare ?? new Uint8Array(), args.name);
  return {
    name: scorer.description.name,
    files: await Promise.all(files.map(factsOf)),
    start: module ? start : null,
  };
}

async function factsOf({ path, bytes }: ExportedFile): Promise<ExportedFacts> {
  return { path, bytes: bytes.length, gzipped: await gzipped(bytes), text: textOf(bytes) };
}

/** What a file says, if it is a text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

export function zip(args: Args<'zip'>): Promise<Blob> {
  return zipOf(filesOf(args));
}

export function routerZip(args: Args<'routerZip'>): Promise<Blob> {
  return zipOf(routerFilesOf(args));
}

async function zipOf(making: Promise<ExportedFile[]>): Promise<Blob> {
  const [files, { zipped }] = await Promise.all([making, import('./zip.ts')]);
  return zipped(files);
}
