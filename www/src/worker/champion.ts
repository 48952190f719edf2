/** The watched model as a champion, and what it was made by. */
import type { Declaration } from 'hedgerow';
import type { RunRecipe } from '../lib/challenger.ts';
import { library } from './library.ts';
import { type Champion, Refusal, session } from './session.ts';
import { theWorkspace } from './workspace.ts';

export function theChampion(): Champion {
  if (session.champion) return session.champion;
  throw new Refusal('not_watched', 'No model is watched yet. Choose one.');
}

/** What the run of a model was asked for, where it is known. */
export async function recipeOf({ run }: Pick<Champion, 'run'>): Promise<RunRecipe | null> {
  if (run === null) return null;
  try {
    return (await (await theWorkspace()).recipe(run)) as RunRecipe | null;
  } catch {
    // A model may outlive its run.
    return null;
  }
}

export async function declarationOf({ model }: Champion): Promise<Declaration | undefined> {
  const { learners } = await library();
  const { kind } = model.info.provenance.learner;
  return (await learners()).find((declared) => declared.kind === kind);
}
