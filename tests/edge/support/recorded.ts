/** An exported model with its recorder, in this process. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHandler, type Handler, type HandlerOptions, Scorer } from 'hedgerow/edge';
import {
  type Backing,
  memoryBacking,
  Recorder,
  type Recording,
  type RecordingOptions,
  type RecordStore,
  recordTo,
  Store,
  type StoreOptions,
} from 'hedgerow/edge/recording';
import { succeed } from '../../package/support/run.js';
import { cli, type Models, type Name, type Trained } from './exports.js';
import { toCsv } from './golden.js';
import { json, post, url } from './requests.js';

/** A model that records. */
export interface Watched {
  trained: Trained;
  scorer: Scorer;
  recorder: WebAssembly.Module;
}

/** What answers, counts and keeps. */
export interface Serving {
  handler: Handler;
  recording: Recording;
  store: Store;
  backing: Backing;
}

export interface Serves {
  recording?: RecordingOptions;
  store?: StoreOptions;
  handler?: HandlerOptions;
  backing?: Backing;
  /** What stands between. */
  between?: (store: RecordStore) => RecordStore;
}

export async function watched(models: Models, name: Name): Promise<Watched> {
  const trained = await models.trained(name);
  const folder = await trained.exported('node');
  const compiled = async (file: string) => WebAssembly.compile(await readFile(join(folder, file)));
  return {
    trained,
    scorer: Scorer.from(await compiled('model.wasm')),
    recorder: await compiled('recorder.wasm'),
  };
}

/** Serves a model in this process. */
export function serving({ scorer, recorder }: Watched, options: Serves = {}): Serving {
  const { backing = memoryBacking(), between = (store) => store } = options;
  const counts = Recorder.from(recorder);
  const store = new Store(backing, counts, scorer.description, options.store);
  const told = between(store);
  const recording = recordTo(() => told, counts, scorer.description, options.recording);
  const handler = createHandler(scorer, { ...options.handler, recording });
  return { handler, recording, store, backing };
}

/** What the command line counts of rows. */
export async function countedByLibrary(
  models: Models,
  { file }: Trained,
  rows: Trained['rows'],
): Promise<Buffer> {
  const [csv, profile] = [join(models.folder, 'seen.csv'), join(models.folder, 'seen.hgp')];
  await writeFile(csv, toCsv(rows));
  await succeed(cli, ['monitor', 'profile', file, csv, '--out', profile], models.folder);
  return readFile(profile);
}

/** Rows of a window list. */
export function total(windows: readonly { rows: number }[]): number {
  return windows.reduce((sum, { rows }) => sum + rows, 0);
}

export const get = (path: string, headers: Record<string, string> = {}) =>
  new Request(url(path), { headers });
export const rowsOf = (rows: Trained['rows']) => post('/invocations', { dataframe_records: rows });

/** The profile of all hours, or of those of a query. */
export async function profileOf({ handler }: Serving, query = ''): Promise<Buffer> {
  const response = await handler(get(`/profile${query}`));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/octet-stream');
  return Buffer.from(await response.arrayBuffer());
}

export async function windowsOf({ handler }: Serving): Promise<{ start: string; rows: number }[]> {
  return (await json<{ windows: { start: string; rows: number }[] }>(handler(get('/profile/windows'))))
    .windows;
}
