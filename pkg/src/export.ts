/** What serves a model, made by WebAssembly of its own: loaded with the first export. */
import { loadBytes, loadModule, type PackageFile } from '#platform';
import { calling } from './error.js';
import init, {
  type Description,
  type ExportedFile,
  exportParcel,
  exportRouter,
  type Kit,
  onnxOf as rawOnnxOf,
  type TargetFacts,
  targets,
} from './export/hedgerow_export.js';
import { once } from './once.js';

/** What nearly every export is made of, beside the model. */
type Parts = Omit<Kit, 'filter' | 'router'>;

const loaded = once('what exports models', async (): Promise<Parts> => {
  const [module, scorer, recorder, handler, recording] = await Promise.all([
    loadModule('export'),
    bytesOf('scorer'),
    bytesOf('recorder'),
    textOf('handler'),
    textOf('recording'),
  ]);
  await init({ module_or_path: module });
  return { scorer, recorder, handler, recording };
});

async function bytesOf(file: PackageFile): Promise<Uint8Array> {
  return new Uint8Array(await loadBytes(file));
}

async function textOf(file: PackageFile): Promise<string> {
  return new TextDecoder().decode(await loadBytes(file));
}

/** The files of a model's parcel on a target. */
export async function filesOf(parcel: Uint8Array, target: string, name?: string): Promise<ExportedFile[]> {
  const parts = await loaded();
  // Few want it, and it is four times the scorer.
  const filter = target === 'envoy' ? await bytesOf('filter') : new Uint8Array();
  return calling(() => exportParcel(parcel, target, name, { ...parts, filter, router: '' }));
}

/** The files of a router of two models' parcels, the second of which answers a share of the units. */
export async function routerOf(
  champion: Uint8Array,
  challenger: Uint8Array,
  weight: number,
  name?: string,
): Promise<ExportedFile[]> {
  const [parts, router] = await Promise.all([loaded(), textOf('router')]);
  return calling(() =>
    exportRouter(champion, challenger, weight, name, { ...parts, filter: new Uint8Array(), router }),
  );
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
