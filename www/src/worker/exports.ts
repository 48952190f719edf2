/** Calls about what a model is exported to. */
import type { ExportedFile } from 'hedgerow';
import { library } from './library.ts';
import type { Args, Exported, ExportedFacts, TargetFacts } from './protocol.ts';
import { theModel } from './session.ts';
import { start } from './trying.ts';

export async function targets(): Promise<TargetFacts[]> {
  return (await library()).exportTargets();
}

function filesOf({ target, name }: Args<'exportTo'>): Promise<ExportedFile[]> {
  return theModel().export(target, name === null ? {} : { name });
}

const moduleIn = (files: ExportedFile[]) => files.find(({ path }) => path === 'model.wasm');

/** What comes out, and its module started where it has one. */
export async function exportTo(args: Args<'exportTo'>): Promise<Exported> {
  const files = await filesOf(args);
  const module = moduleIn(files);
  const started = module ? await start(module.bytes, args.name) : null;
  return {
    // A target without a module still has a name that another one tells.
    name: started?.scorer.description.name ?? args.name ?? '',
    files: await Promise.all(files.map(factsOf)),
    start: started?.start ?? null,
  };
}

async function factsOf({ path, bytes }: ExportedFile): Promise<ExportedFacts> {
  const text = isText(bytes) ? new TextDecoder().decode(bytes) : null;
  return { path, bytes: bytes.length, gzipped: await gzipped(bytes), text };
}

/** No text has a zero in it, and every binary format of an export has one at its beginning. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 64).includes(0);
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

export async function zip(args: Args<'zip'>): Promise<Blob> {
  const [files, { zipped }] = await Promise.all([filesOf(args), import('./zip.ts')]);
  return zipped(files);
}
