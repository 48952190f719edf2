/** A workspace with a bit of everything, to hand on. */
import { readFile } from 'node:fs/promises';
import { Table } from 'hedgerow';
import { type ActiveRun, openWorkspace, type Workspace } from 'hedgerow/track';

export const EXPERIMENT = 'Äpfel & Birnen';

/** Every kind of column, with gaps, whole numbers, and categories of its own. */
export function table(rows: number, words: string[]): string {
  const jobs = ['clerk', 'nurse', '', 'chef', 'päst', ...words];
  const lines = ['size,age,member,job,since,level'];
  for (let row = 0; row < rows; row++) {
    const size = ((row * 37) % 101) / 7;
    const age = ((row * 13) % 60) + 18;
    const since = row % 9 === 4 ? '' : `${1995 + (row % 30)}-0${1 + (row % 9)}-1${row % 10}`;
    const job = jobs[(row * 5) % jobs.length] ?? '';
    const level = size * 2 + age / 9 + (job === 'chef' ? 9 : 0) > 20 ? 'high' : 'low';
    lines.push([size, age, ['true', 'false', 'true', ''][row % 4], job, since, level].join());
  }
  return lines.join('\n');
}

/** Runs of every status, data, awkward names and a registry. */
export async function makeWorkspace(path: string, model: string, csv: string): Promise<void> {
  const workspace = await openWorkspace({ path, author: 'Ada' });
  try {
    const file = await readFile(model);
    const tuning = await begin(workspace, 'tuning');
    const table = await Table.fromCsv(new Blob([await readFile(csv)]));
    for (const context of ['train', 'test']) await tuning.logInput(table, context, 'table.csv');
    await tuning.logArtifact('model.safetensors', file);
    await tuning.logArtifact('plots/kurve #1.svg', '<svg/>');
    for (const [index, status] of (['FINISHED', 'FAILED', 'KILLED'] as const).entries()) {
      const trial = await begin(workspace, `trial ${index + 1}`, tuning.id);
      await trial.end(status);
    }
    await tuning.end();
    await workspace.noteRun(tuning.id, `# Grüße\n${'long '.repeat(2_000)}`);
    await register(workspace, tuning.id, file);
  } finally {
    await workspace.close();
  }
}

async function begin(workspace: Workspace, name: string, parent?: string): Promise<ActiveRun> {
  const many = Array.from({ length: 230 }, (_, index) => [`p${index}`, `value ${index}`]);
  const odd = { 'größe (m)': '1,8', 'a//b': '', depth: 3 };
  // As long as a workspace takes them.
  const long = { ['ß'.repeat(250)]: 'é'.repeat(6_000) };
  const run = await workspace.startRun({
    experiment: EXPERIMENT,
    name,
    ...(parent && { parent }),
    recipe: { learner: 'random-forest' },
    params: { ...Object.fromEntries(many), ...odd, ...long },
    tags: { team: '𝓜odels \'n "more"', long: '𝓜'.repeat(8_000) },
  });
  const special: Record<number, number> = { 7: NaN, 8: Infinity, 9: -Infinity };
  const value = (step: number) => special[step] ?? 1 / (step + 1);
  for (let step = 0; step < 2_500; step++) run.logMetric('loss', value(step), { step });
  for (let step = 0; step < 10; step++) run.logMetric('Güte ≥ 90 %', value(step), { step });
  return run;
}

/** Two versions of a run's model and one that came from none, with an alias and tags. */
async function register(workspace: Workspace, run: string, model: Uint8Array): Promise<void> {
  const description = 'Größer als zuvor';
  await workspace.register({ name: 'apples', run, description });
  await workspace.register({ name: 'apples', description }, model);
  await workspace.register({ name: 'team/pears', run, description });
  await workspace.describe('apples', 'Which apple it is');
  await workspace.promote('apples', 1, 'champion', 'the best so far');
  await workspace.tagVersion('apples', 1, { stage: 'live' });
}
