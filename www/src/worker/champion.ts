/** The watched model as a champion: what it was made by, and whether it still is one. */
import type { Declaration } from 'hedgerow';
import type { RunRecipe } from '../lib/challenger.ts';
import { hashOf } from './hash.ts';
import { library } from './library.ts';
import type { Answer, Args, Problem } from './protocol.ts';
import { hashAt, register } from './register.ts';
import { type Champion, Refusal, session } from './session.ts';
import { theWorkspace } from './workspace.ts';

/** The alias that a promotion moves. */
const CHAMPION = 'champion';

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

/** Of its file. */
async function fileHash({ model, source, registered }: Champion): Promise<string> {
  if (registered) return registered.sha256;
  return hashOf(source ? await source.arrayBuffer() : model.save().slice());
}

/** Makes the last challenger a version; with a reason the champion, while the one that it was judged by still is. */
export async function registerChallenger({
  name,
  reason,
}: Args<'registerChallenger'>): Promise<Answer<'registerChallenger'>> {
  const { model, run, champion, tags, reason: verdict } = theChallenger();
  const description = `Retrained from ${champion.called}. ${verdict}`;
  const version = await register({ name, description }, await run, () => model.save());
  const workspace = await theWorkspace();
  await workspace.tagVersion(name, version.version, tags);
  if (reason === null) return { version, moved: null };
  const now = await hashAt(workspace, name, CHAMPION);
  if (now !== null && now !== (await fileHash(champion))) return { version, moved: moved(name, champion) };
  await workspace.promote(name, version.version, CHAMPION, reason);
  return { version, moved: null };
}

function moved(name: string, { called }: Champion): Problem {
  const message = `${name}@${CHAMPION} is not ${called} any more, which the challenger was judged by. It is registered, and not promoted. Retrain again.`;
  return { code: 'champion_moved', message, details: {} };
}

export function challengerFile(): Blob {
  return new Blob([theChallenger().model.save().slice()]);
}

function theChallenger() {
  if (session.challenger) return session.challenger;
  throw new Refusal('no_challenger', 'There is no challenger any more. Train one again.');
}
