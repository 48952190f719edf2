/** Calls about the last challenger: it is registered, takes the champion's place, or is taken along. */

import type { Answer, Args } from './calls.ts';
import { hashOf } from './hash.ts';
import type { Problem } from './protocol.ts';
import { hashAt, register } from './register.ts';
import { type Champion, Refusal, session } from './session.ts';
import { theWorkspace } from './workspace.ts';

/** The alias that a promotion moves. */
const CHAMPION = 'champion';

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
