/** What serves a model, made by WebAssembly of its own: loaded with the first export. */
import { loadBytes, loadModule } from '#platform';
import { calling, HedgerowError } from './error.js';
import init, {
  type ExportedFile,
  exportParcel,
  type TargetFacts,
  targets,
} from './export/hedgerow_export.js';

/** What every export is made of, beside the model. */
interface Kit {
  scorer: Uint8Array;
  handler: string;
}

let loading: Promise<Kit> | undefined;

/** Once for all exports; what failed is tried again. */
function loaded(): Promise<Kit> {
  loading ??= load().catch((cause: unknown) => {
    loading = undefined;
    throw new HedgerowError(
      `what exports models cannot be loaded (${cause}). Serve all files of the package, and try again.`,
      'not_loaded',
      {},
      { cause },
    );
  });
  return loading;
}

async function load(): Promise<Kit> {
  const [module, scorer, handler] = await Promise.all([
    loadModule('export'),
    loadBytes('scorer'),
    loadBytes('handler'),
  ]);
  await init({ module_or_path: module });
  return { scorer: new Uint8Array(scorer), handler: new TextDecoder().decode(handler) };
}

/** The files of a model's parcel on a target. */
export async function filesOf(parcel: Uint8Array, target: string, name?: string): Promise<ExportedFile[]> {
  const { scorer, handler } = await loaded();
  // Few want it, and it is four times the scorer.
  const filter = target === 'envoy' ? await loadBytes('filter') : new ArrayBuffer();
  return calling(() => exportParcel(parcel, target, name, scorer, handler, new Uint8Array(filter)));
}

/** Every target, with what is to be known to choose one. */
export async function targetFacts(): Promise<TargetFacts[]> {
  await loaded();
  return calling(targets);
}
