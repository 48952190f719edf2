/** Calls about the workspace. */
import type { ExportedFile, Report } from 'hedgerow';
import type { Version } from 'hedgerow/track';
import type { Split } from '../lib/plan.ts';
import { MODEL_FILE, REPORT_FILE } from '../lib/run-facts.ts';
import type { Answer, Args, TrackCalls } from './calls.ts';
import { TRACKED } from './calls.ts';
import { filesOf, routerFilesOf } from './exports.ts';
import { hashOf } from './hash.ts';
import { library } from './library.ts';
import { isTransferring } from './mlflow.ts';
import { become } from './models.ts';
import type { TrackInfo } from './protocol.ts';
import { isRecording, recorded } from './recording.ts';
import { register } from './register.ts';
import { Refusal, session, theModel } from './session.ts';
import { forget, keep } from './store.ts';
import { opened, reopen, theWorkspace } from './workspace.ts';

/** Methods of the workspace, each a call of its own. */
export const tracked = Object.fromEntries(
  TRACKED.map((name) => [
    `track.${name}`,
    async (args: unknown[]) => {
      const workspace = await theWorkspace();
      return (workspace[name] as (...args: unknown[]) => unknown)(...args);
    },
  ]),
) as unknown as { [Name in keyof TrackCalls]: (args: Args<Name>) => Promise<Answer<Name>> };

export async function trackInfo(): Promise<TrackInfo> {
  const problem = await recorded();
  const { workspace, memory, author } = await opened();
  const { usage, quota = null, persisted } = await workspace.storage();
  return { memory, usage, quota, persisted, author, problem };
}

/** Whose name the audit log has from now on. */
export async function setAuthor({ name }: Args<'setAuthor'>): Promise<void> {
  await recorded();
  if (isRecording()) {
    throw new Refusal('recording', 'A training is being recorded. Change the name when it has ended.');
  }
  if (isTransferring()) {
    throw new Refusal('transferring', 'Runs are being handed on. Change the name when that has ended.');
  }
  await reopen(name);
}

export async function artifact({ run, path }: Args<'artifact'>): Promise<Blob> {
  return new Blob([await (await theWorkspace()).artifact(run, path)]);
}

/** Makes the model of a run the current one, with what it was worth. */
export async function openRun({ run }: Args<'openRun'>): Promise<Answer<'openRun'>> {
  const [{ Model }, workspace] = [await library(), await theWorkspace()];
  const { artifacts } = await workspace.run(run);
  const model = Model.load(await workspace.artifact(run, MODEL_FILE));
  const recipe = (await workspace.recipe(run)) as { data?: string; split?: Split | null } | null;
  const facts = become(model);
  session.tested = undefined;
  const has = artifacts.some(({ path }) => path === REPORT_FILE);
  if (!has) {
    void forget('evaluation');
    return { model: facts, evaluation: null, measurable: false };
  }
  const text = new TextDecoder().decode(await workspace.artifact(run, REPORT_FILE));
  const report = JSON.parse(text) as Report;
  const evaluation = { report, rows: report.rows, on: 'test' as const };
  const table = session.table?.table;
  const measurable = table !== undefined && table.sha256 === recipe?.data && Boolean(recipe.split);
  if (measurable && recipe?.split) session.tested = table.split(recipe.split).test;
  void keep('evaluation', { evaluation, split: recipe?.split ?? null, table: recipe?.data ?? '' });
  return { model: facts, evaluation, measurable };
}

/** The model of a run; without one, or where it is gone and the model is the current one, the current model. */
export async function registerModel({ name, run, current }: Args<'registerModel'>): Promise<Version> {
  return register({ name }, run, run === null || current ? () => theModel().save() : null);
}

export function noteExport(args: Args<'noteExport'>): Promise<number> {
  return noteFiles(args.target, () => filesOf(args));
}

export function noteRouter(args: Args<'noteRouter'>): Promise<number> {
  return noteFiles('router', () => routerFilesOf(args));
}

/** Notes an export with every version that is of the current model; how many those are. */
async function noteFiles(target: string, make: () => Promise<ExportedFile[]>): Promise<number> {
  const workspace = await theWorkspace();
  const sha256 = await hashOf(theModel().save().slice());
  const versions = (await workspace.models()).flatMap((model) => model.versions);
  const same = versions.filter((version) => version.sha256 === sha256);
  if (same.length === 0) return 0;
  const made = await hashOf(joined(await make()));
  for (const { name, version } of same) await workspace.logExport(name, version, target, made);
  return same.length;
}

/** All that was made, as the command line hashes it. */
function joined(files: readonly ExportedFile[]): Uint8Array<ArrayBuffer> {
  const none = new Uint8Array(1);
  const parts = files.flatMap(({ path, bytes }) => [new TextEncoder().encode(path), none, bytes, none]);
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function downloadWorkspace(): Promise<Blob> {
  await recorded();
  return new Blob([await (await theWorkspace()).download()], { type: 'application/vnd.sqlite3' });
}

export async function mergeFile({ source }: Args<'mergeFile'>): Promise<Answer<'mergeFile'>> {
  return (await theWorkspace()).merge(new Uint8Array(await source.arrayBuffer()));
}
