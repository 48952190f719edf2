/**
 * Recording for `hedgerow/edge`: what a service sees, counted into profiles in which no row is, and kept where it
 * survives the worker. An exported service has it where its model has a training profile.
 */
import type { Description } from '../description.js';
import { type Environment, textOf } from '../environment.js';
import type { Recording } from '../recorded.js';
import { type Backing, memoryBacking } from './backing.js';
import { type DurableStorage, durableBacking } from './durable.js';
import { type Files, fileBacking, type Process } from './file.js';
import { checkFlush, isOn, recordingOptionsFrom, storeOptionsFrom } from './options.js';
import { Recorder } from './recorder.js';
import { recordTo } from './recording.js';
import { type RecordStore, Store } from './store.js';

export { HedgerowError } from '../../error.js';
export type { Recording } from '../recorded.js';
export { type Backing, type Changes, memoryBacking } from './backing.js';
export { type DurableStorage, durableBacking } from './durable.js';
export { type Files, fileBacking, type Process } from './file.js';
export { Recorder } from './recorder.js';
export { type RecordingOptions, recordTo } from './recording.js';
export type { Alarm, ColumnDrift, Report, Side } from './report.js';
export {
  type Delta,
  type Fate,
  type Label,
  type RecordStore,
  Store,
  type StoreOptions,
  type Summary,
  type Window,
} from './store.js';
export type { Kept } from './waiting.js';

/**
 * Records into a file of the folder `HEDGEROW_RECORDING_FOLDER`, `recorded` by default; into memory where it cannot
 * be written, which is said on the console. `undefined` where recording is off.
 *
 * @param host `node:fs/promises` and `process`.
 * @throws {HedgerowError} `bad_option`.
 */
export async function recordToFile(
  module: WebAssembly.Module,
  description: Description,
  environment: Environment,
  { fs, process }: { fs: Files; process: Process },
): Promise<Recording | undefined> {
  if (!isOn(environment)) return undefined;
  const folder = textOf(environment, 'HEDGEROW_RECORDING_FOLDER') ?? 'recorded';
  const name = description.version.slice(0, 16);
  const backing = await fileBacking(fs, process, folder, name).catch((error: unknown) => {
    console.error(
      `What is recorded is kept in memory only: ${error instanceof Error ? error.message : error}`,
    );
    return memoryBacking();
  });
  return recordInto(module, description, environment, backing);
}

/** Records into memory: what was counted is gone with the worker. `undefined` where recording is off. */
export function recordInMemory(
  module: WebAssembly.Module,
  description: Description,
  environment: Environment,
): Recording | undefined {
  return isOn(environment) ? recordInto(module, description, environment, memoryBacking()) : undefined;
}

function recordInto(
  module: WebAssembly.Module,
  description: Description,
  environment: Environment,
  backing: Backing & { close?(): Promise<void> },
): Recording {
  const recorder = Recorder.from(module);
  const store = new Store(backing, recorder, description, storeOptionsFrom(environment));
  const options = recordingOptionsFrom(environment);
  return recordTo(
    () => store,
    recorder,
    description,
    options,
    async () => backing.close?.(),
  );
}

/** Objects of a namespace of Cloudflare's, which answer calls. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): RecordStore;
}

/**
 * Records into the Durable Object of this version of the model, by the binding of this name. `undefined` where
 * recording is off.
 */
export function recordToObject(
  module: WebAssembly.Module,
  description: Description,
  environment: Environment,
  binding: string,
): Recording | undefined {
  const namespace = environment[binding] as Namespace | undefined;
  if (!isOn(environment)) return undefined;
  if (!namespace) {
    console.error(`What is recorded is kept in memory only: there is no binding ${binding}.`);
    return recordInMemory(module, description, environment);
  }
  // Anew each time: what one request asked for is not for another.
  const store = () => namespace.get(namespace.idFromName(description.version));
  const options = recordingOptionsFrom(environment);
  checkFlush(options.flushAfter);
  return recordTo(store, Recorder.from(module), description, options);
}

/** The class of such objects, from `DurableObject` of `cloudflare:workers`. */
export function recordedIn<
  Base extends new (
    context: { storage: DurableStorage },
    environment: Environment,
  ) => object,
>(
  DurableObject: Base,
  module: WebAssembly.Module,
  describe: () => Description,
): new (
  context: { storage: DurableStorage },
  environment: Environment,
) => RecordStore {
  return class
    extends (DurableObject as new (context: { storage: DurableStorage }, environment: Environment) => object)
    implements RecordStore
  {
    readonly #store: Store;

    constructor(context: { storage: DurableStorage }, environment: Environment) {
      super(context, environment);
      const backing = durableBacking(context.storage);
      this.#store = new Store(backing, Recorder.from(module), describe(), storeOptionsFrom(environment));
    }

    add(...args: Parameters<RecordStore['add']>) {
      return this.#store.add(...args);
    }

    windows() {
      return this.#store.windows();
    }

    profile(...args: Parameters<RecordStore['profile']>) {
      return this.#store.profile(...args);
    }

    feedback(...args: Parameters<RecordStore['feedback']>) {
      return this.#store.feedback(...args);
    }

    summary() {
      return this.#store.summary();
    }
  };
}
