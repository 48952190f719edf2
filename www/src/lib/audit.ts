/** What the audit log says was done, in words. */
import type { Entry, Move, Version } from 'hedgerow/track';

const ACTIONS: Record<string, string> = {
  start_run: 'Run begun',
  end_run: 'Run ended',
  edit_run: 'Run changed',
  delete_run: 'Run deleted',
  keep_dataset: 'Data set kept',
  register: 'Version registered',
  edit_model: 'Model changed',
  move_alias: 'Alias moved',
  export: 'Exported',
  merge: 'Workspace imported',
};

/** The log itself does not say how an alias moved or which version was made; moves and versions do. */
export function actionText(
  { action, at, reason }: Entry,
  moves: readonly Move[],
  versions: readonly Version[],
): string {
  const made = action === 'register' ? versions.find(({ created }) => created === at) : undefined;
  if (made) return `Version ${made.version} registered`;
  const move =
    action === 'move_alias' ? moves.find((one) => one.at === at && one.reason === reason) : undefined;
  if (!move) return ACTIONS[action] ?? action;
  const { alias, version, back } = move;
  if (version === null) return `${alias} taken away`;
  return back ? `${alias} back to version ${version}` : `${alias} is version ${version}`;
}
