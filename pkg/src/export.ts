/** What serves a model, made by WebAssembly of its own: loaded with the first export. */
import { loadBytes, loadModule } from '#platform';
import { calling } from './error.js';
import init, {
  type Description,
  type ExportedFile,
  exportParcel,
  onnxOf as rawOnnxOf,
  type TargetFacts,
  targets,
} from './export/hedgerow_export.js';
import { once } from './once.js';

/** What every export is made of, beside the model. */
interface Kit {
  scorer: Uint8Array;
  handler: string;
}

const loaded = once('what exports models', async (): Promise<Kit> => {
  const [module, scorer, handler] = await Promise.all([
    loadModule('export'),
    loadBytes('scorer'),
    loadBytes('handler'),
  ]);
  await init({ module_or_path: module });
  return { scorer: new Uint8Array(scorer), handler: new TextDecoder().decode(handler) };
});

/** The files of a model's parcel on a target. */
export async function filesOf(parcel: Uint8Array, target: string, name?: string): Promise<ExportedFile[]> {
  const { scorer, handler } = await loaded();
  // Few want it, and it is four times the scorer.
  const filter = target === 'envoy' ? await loadBytes('filter') : new ArrayBuffer();
  return calling(() => exportParcel(parcel, target, name, scorer, handler, new Uint8Array(filter)));
}

/** A model file's ONNX file, and its description; undefined of what is no model file, or has no such form. */
export async function onnxOf(file: Uint8Array): Promise<[Uint8Array, Description] | undefined> {
  await loaded();
  return calling(() => rawOnnxOf(file));
}

/** Every target, with what is to be known to choose one. */
export async function targetFacts(): Promise<TargetFacts[]> {
  await loaded();
  return calling(targets);
}
