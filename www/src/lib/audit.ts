/** What the audit log calls what was done, in words. */
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
  merge: 'Workspace brought in',
};

export function actionText(action: string): string {
  return ACTIONS[action] ?? action;
}
