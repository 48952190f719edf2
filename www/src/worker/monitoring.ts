/** Calls about new rows beside the training rows. */
import type { Model, Table } from 'hedgerow';
import type { Monitor, MonitorReport, Rule } from 'hedgerow/monitor';
import { watchedReading } from '../lib/run-reading.ts';
import { askedOf, dayAddresses } from '../lib/services.ts';
import { middleOf } from '../lib/time-of.ts';
import type { Answer, Args } from './calls.ts';
import { recipeOf, theChampion } from './champion.ts';
import type { Context } from './handlers.ts';
import { library, monitoring } from './library.ts';
import type { Problem, Seen, SeenPlace, Watched, WatchedFacts } from './protocol.ts';
import { type Champion, type Kept, Refusal, session, theTable } from './session.ts';
import { keep, kept } from './store.ts';
import { modelOf, nameOf } from './which.ts';
import { theWorkspace } from './workspace.ts';

/** Days of a service at most: rules may ask for as many windows. */
const DAYS = 31;

/** What a model cannot be watched without, but with rows like those that it was trained on. */
const REFERENCE_CODES = ['no_training_profile', 'damaged_training_profile'];

/** Goes over to another model when all that is needed of it is there; until then, the one before is watched. */
export async function watch(
  { watched, byTable }: Args<'watch'>,
  { signal }: Context,
): Promise<Answer<'watch'>> {
  const [model, origin] = [await modelOf(watched), await originOf(watched)];
  const reading = watchedReading((await recipeOf(origin))?.read);
  const { monitor, ...reference } = await monitorOf(model, byTable, signal);
  const facts: WatchedFacts = {
    name: nameOf(watched),
    file: watched.from === 'file' ? watched.name : null,
    version: watched.from === 'version' ? nameOf(watched) : null,
    info: model.info,
    sha256: model.sha256,
    reading,
    ...reference,
  };
  const isKept = monitor && watched.from === 'current' && !byTable;
  const before = isKept ? await seenBefore(monitor, model.sha256) : [];
  signal.throwIfAborted();
  if (session.champion?.model.sha256 !== model.sha256) session.challenger = undefined;
  session.champion = { model, called: nameOf(watched) ?? model.sha256, reading, ...origin };
  session.monitor = monitor;
  return { facts, before };
}

/** What new rows are compared with; nothing where the model has no profile, or none that is sound. */
async function monitorOf(
  model: Model,
  byTable: boolean,
  signal: AbortSignal,
): Promise<Pick<WatchedFacts, 'reference' | 'problem'> & { monitor: Monitor | undefined }> {
  const { Monitor } = await monitoring();
  try {
    const monitor = await Monitor.of(model, { ...(byTable && { reference: theTable() }), signal });
    return { monitor, reference: byTable ? 'table' : 'model', problem: null };
  } catch (error) {
    const { code, message, details } = error as Problem;
    if (byTable || !REFERENCE_CODES.includes(code)) throw error;
    return { monitor: undefined, reference: null, problem: { code, message, details: { ...details } } };
  }
}

/** The run that made a model, and the version or file that it is. */
async function originOf(watched: Watched): Promise<Pick<Champion, 'run' | 'registered' | 'source'>> {
  if (watched.from === 'file') return { run: null, registered: null, source: watched.source };
  if (watched.from === 'current') return { run: watched.run, registered: null, source: null };
  const { name, version } = watched;
  const { run = null, sha256 } = await (await theWorkspace()).version(`${name}/${version}`);
  return { run, registered: { name, version, sha256 }, source: null };
}

function theMonitor(): Monitor {
  if (session.monitor) return session.monitor;
  throw new Refusal('not_watched', 'No model is watched yet. Choose one.');
}

/** What a profile is alone. */
function seen(
  monitor: Monitor,
  kind: Seen['kind'],
  profile: Uint8Array,
  { findings = [], at = null, segments = [] }: Partial<Pick<Seen, 'findings' | 'at' | 'segments'>> = {},
): Seen {
  const report = monitor.report(profile, { rules: [] });
  return { kind, profile, findings, report, segments, at };
}

export async function lookAtFile({ source }: Args<'lookAtFile'>, context: Context): Promise<Seen> {
  const [monitor, { reading }] = [theMonitor(), theChampion()];
  const [{ Table }, { Monitor }] = [await library(), await monitoring()];
  const start = new Uint8Array(await source.slice(0, 16).arrayBuffer());
  if (await Monitor.isProfile(start)) {
    return seen(monitor, 'profile', new Uint8Array(await source.arrayBuffer()));
  }
  const { signal } = context;
  const table = await Table.fromCsv(source, {
    ...reading,
    signal,
    onProgress: ({ done }) => context.progress({ phase: 'read', done, total: source.size }),
  });
  try {
    context.progress({ phase: 'profile', done: 0, total: 1 });
    const { profile, findings } = await monitor.profile(table, { signal });
    const found = seen(monitor, 'rows', profile, { findings, at: timeOf(table) });
    if (!found.report.performance) return found;
    return { ...found, segments: await monitor.segments(table, { signal }) };
  } finally {
    table.free();
  }
}

/** The middle of the first date column. */
function timeOf(table: Table): number | null {
  const date = table.schema.find(({ kind }) => kind === 'date');
  const column = date && table.column(date.name);
  return column?.kind === 'date' ? middleOf(column.values) : null;
}

export async function lookAtService(
  { url, token }: Args<'lookAtService'>,
  { signal }: Context,
): Promise<Seen> {
  const monitor = theMonitor();
  const { url: base, ...span } = askedOf(url);
  const profile = await monitor.fetch(base, { ...span, ...(token !== '' && { token }), signal });
  return seen(monitor, 'service', profile);
}

/** An address of a service for each of the last days that it has counted; its own where it has counted none. */
export async function serviceDays(
  { url, token }: Args<'serviceDays'>,
  { signal }: Context,
): Promise<string[]> {
  const hours = await theMonitor().hours(url, { ...(token !== '' && { token }), signal });
  const days = dayAddresses(
    url,
    hours.map(({ start }) => start),
  );
  return days.length > 0 ? days.slice(-DAYS) : [url];
}

export function driftReport({ profiles, rules, windows }: Args<'driftReport'>): MonitorReport {
  return theMonitor().report(profiles, { windows, ...(rules !== null && { rules }) });
}

export async function defaultRules(): Promise<Rule[]> {
  return (await monitoring()).Monitor.defaultRules();
}

export async function keepSeen(seen: Args<'keepSeen'>): Promise<void> {
  await keep('seen', seen);
}

/** What is kept may be of another model, or of a version before this one: then its reports are made anew. */
async function seenBefore(monitor: Monitor, sha256: string): Promise<SeenPlace[]> {
  const stored = await kept<Kept['seen']>('seen');
  if (stored?.sha256 !== sha256) return [];
  try {
    return stored.places.map(({ name, seen: { kind, profile, ...more } }) => ({
      name,
      seen: seen(monitor, kind, profile, more),
    }));
  } catch {
    return [];
  }
}
