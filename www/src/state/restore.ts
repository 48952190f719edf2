import { loadSetting } from '../lib/settings.ts';
import { call, problemOf } from '../worker/client.ts';
import { data } from './data.svelte.ts';
import { result } from './result.svelte.ts';

/** Brings back what was loaded at the last visit. A first visit starts no worker. */
export async function restore(): Promise<void> {
  if (!loadSetting<boolean>('loaded')) return;
  data.restoring = true;
  try {
    const { table, model, evaluation } = await call('restore', null);
    if (table) data.restore(table);
    if (model) result.restore(model, evaluation);
  } catch (error) {
    data.problem = problemOf(error);
  } finally {
    data.restoring = false;
  }
}
