/** What was loaded at the last visit. */

import type { Answer } from './calls.ts';
import { library } from './library.ts';
import type { Evaluation, ModelFacts } from './protocol.ts';
import { type Kept, modelFacts, session, tableFacts } from './session.ts';
import { forget, kept } from './store.ts';

export async function restore(): Promise<Answer<'restore'>> {
  await restoreTable();
  const model = await restoreModel();
  const evaluation = model && (await restoreEvaluation());
  return { table: tableFacts(), model, evaluation };
}

/** A kept value that can no longer be read (an older version wrote it) is forgotten, not reported. */
async function restoreTable(): Promise<void> {
  const stored = await kept<Kept['table']>('table');
  if (!stored) return;
  const { Table } = await library();
  try {
    session.table = { name: stored.name, table: Table.fromBytes(stored.bytes) };
  } catch {
    await forget('table');
  }
}

async function restoreModel(): Promise<ModelFacts | null> {
  const bytes = await kept<Kept['model']>('model');
  if (!bytes) return null;
  const { Model } = await library();
  try {
    session.model = Model.load(bytes);
    return modelFacts(session.model, bytes.length);
  } catch {
    await forget('model', 'evaluation');
    return null;
  }
}

async function restoreEvaluation(): Promise<Evaluation | null> {
  const stored = await kept<Kept['evaluation']>('evaluation');
  if (!stored) return null;
  const table = session.table?.table;
  if (table && table.sha256 === stored.table) {
    session.tested = stored.split ? table.split(stored.split).test : table;
  }
  return stored.evaluation;
}
