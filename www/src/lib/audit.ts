/** What the audit log says was done, in words. */
import type { Entry, Move } from 'hedgerow/track';

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

/** The log itself does not say how an alias moved; the list of moves does. */
export function actionText({ action, at, reason }: Entry, moves: readonly Move[]): string {
  const move =
    action === 'move_alias' ? moves.find((one) => one.at === at && one.reason === reason) : undefined;
  if (!move) return ACTIONS[action] ?? action;
  const { alias, version, back } = move;
  if (version === null) return `${alias} taken away`;
  return back ? `${alias} back to version ${version}` : `${alias} is version ${version}`;
}
