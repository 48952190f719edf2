/**
 * Versions of a model behind one address, for A/B tests, canaries and shadows: `createRouter` for `hedgerow/edge`.
 * An export to `router` has it.
 */
import { type Environment, textOf } from '../environment.js';
import { type Backing, memoryBacking } from '../recording/backing.js';
import { type DurableStorage, durableBacking } from '../recording/durable.js';
import { type Files, fileBacking, type Process } from '../recording/file.js';
import { checkFlush } from '../recording/options.js';
import { routerOptionsFrom, routerStoreOptionsFrom } from './environment.js';
import { type RouterOptions, settingsOf, type Variant } from './options.js';
import { type Keeping, type Router, routerOf } from './router.js';
import { sha256 } from './sha256.js';
import { type RouterStore, Store } from './store.js';

export { HedgerowError } from '../../error.js';
export type { Handler } from '../handler.js';
export { type Backing, memoryBacking } from '../recording/backing.js';
export { type DurableStorage, durableBacking } from '../recording/durable.js';
export { type Files, fileBacking, type Process } from '../recording/file.js';
export { assignedOf, type Unit, unitOf } from './assign.js';
export { routerOptionsFrom } from './environment.js';
export type { Figure, Figures } from './figures.js';
export type { Outcome, RouterOptions, Service, Variant } from './options.js';
export type { Kept } from './requests.js';
export type { Keeping, Router } from './router.js';
export {
  type Cause,
  type Counts,
  type Fate,
  type KillStore,
  type Result,
  type RouterStore,
  Store,
  type StoreOptions,
  type Summary,
} from './store.js';
export type { Arm } from './units.js';

/**
 * Routes requests to variants: each unit always to the same one, by its hash. What the router answers itself is
 * `POST /feedback`, `GET /experiment`, `GET /metrics`, `GET` and `POST /router`; `/variants/NAME/…` is a variant by
 * itself. All other `POST` requests are routed, all other `GET` requests the control's.
 *
 * @param keeping Where counts and kills are kept. Default: in memory, gone with the worker.
 * @throws {HedgerowError} `bad_option`, `unknown_variant`.
 */
export function createRouter(options: RouterOptions, keeping?: Keeping): Router {
  return routerOf(options, keeping ?? inMemory(options));
}

function inMemory({ variants, outcome }: RouterOptions): Keeping {
  const store = new Store(memoryBacking(), variants.length, { outcome });
  return { store: () => store, kind: 'memory' };
}

/**
 * Keeps counts in a file of the folder `HEDGEROW_RECORDING_FOLDER`, `recorded` by default; in memory where it cannot
 * be written, which is said on the console.
 *
 * @param host `node:fs/promises` and `process`.
 * @throws {HedgerowError} `bad_option`, `unknown_variant`.
 */
export async function routeWithFile(
  variants: readonly Variant[],
  experiment: string,
  environment: Environment,
  { fs, process }: { fs: Files; process: Process },
): Promise<Router> {
  const options = routerOptionsFrom(environment, variants, experiment);
  const folder = textOf(environment, 'HEDGEROW_RECORDING_FOLDER') ?? 'recorded';
  const storeOf = (backing: Backing) =>
    new Store(backing, variants.length, routerStoreOptionsFrom(environment));
  try {
    const open = (name: string) => fileBacking(fs, process, folder, name);
    const { counts, kills, release } = await openedBoth(open, namesOf(options));
    const [store, switches] = [storeOf(counts), storeOf(kills)];
    return createRouter(options, { store: () => store, kills: () => switches, kind: 'file', release });
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(`What the router counts is kept in memory only: ${reason}`);
    const store = storeOf(memoryBacking());
    return createRouter(options, { store: () => store, kind: 'memory' });
  }
}

type Opened = Awaited<ReturnType<typeof fileBacking>>;

/** Both files, or none. */
async function openedBoth(open: (name: string) => Promise<Opened>, names: ReturnType<typeof namesOf>) {
  const counts = await open(`router-${names.counts}`);
  try {
    const kills = await open(`router-${names.kills}`);
    const release = async () => {
      await Promise.all([counts.close(), kills.close()]);
    };
    return { counts, kills, release };
  } catch (error) {
    await counts.close();
    throw error;
  }
}

/** Objects of a namespace of Cloudflare's, which answer calls. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): RouterStore;
}

/**
 * Keeps counts in the Durable Object of this experiment, by the binding of this name.
 *
 * @throws {HedgerowError} `bad_option`, `unknown_variant`.
 */
export function routeWithObject(
  variants: readonly Variant[],
  experiment: string,
  environment: Environment,
  binding: string,
): Router {
  const options = routerOptionsFrom(environment, variants, experiment);
  const namespace = environment[binding] as Namespace | undefined;
  if (!namespace) {
    console.error(`What the router counts is kept in memory only: there is no binding ${binding}.`);
    return createRouter(options);
  }
  checkFlush(options.flushAfter);
  const { counts, kills } = namesOf(options);
  // Anew each time: what one request asked for is not for another.
  const object = (name: string) => () => namespace.get(namespace.idFromName(name));
  return createRouter(options, { store: object(counts), kills: object(kills), kind: 'object' });
}

/** The class of such objects, from `DurableObject` of `cloudflare:workers`, for so many variants. */
export function routedIn<
  Base extends new (
    context: { storage: DurableStorage },
    environment: Environment,
  ) => object,
>(
  DurableObject: Base,
  variants: number,
): new (
  context: { storage: DurableStorage },
  environment: Environment,
) => RouterStore {
  return class
    extends (DurableObject as new (context: { storage: DurableStorage }, environment: Environment) => object)
    implements RouterStore
  {
    readonly #store: Store;

    constructor(context: { storage: DurableStorage }, environment: Environment) {
      super(context, environment);
      this.#store = new Store(durableBacking(context.storage), variants, routerStoreOptionsFrom(environment));
    }

    add(...args: Parameters<RouterStore['add']>) {
      return this.#store.add(...args);
    }

    answerers(...args: Parameters<RouterStore['answerers']>) {
      return this.#store.answerers(...args);
    }

    join(...args: Parameters<RouterStore['join']>) {
      return this.#store.join(...args);
    }

    killed() {
      return this.#store.killed();
    }

    kill(...args: Parameters<RouterStore['kill']>) {
      return this.#store.kill(...args);
    }

    summary() {
      return this.#store.summary();
    }
  };
}

/**
 * What stores are called. With other variants, weights or another control, mode or outcome counts would not be of one
 * experiment, and begin anew; what is killed stays so.
 */
function namesOf(options: RouterOptions): { counts: string; kills: string } {
  const { experiment, mode, control, outcome, variants } = settingsOf(options);
  const parts = [experiment, mode, control, outcome, variants.map(({ name, weight }) => [name, weight])];
  const digits = (value: unknown) => sha256(JSON.stringify(value)).slice(0, 16);
  return { counts: digits(parts), kills: `kills-${digits(experiment)}` };
}
