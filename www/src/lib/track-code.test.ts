import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snippet } from './code.ts';
import { compareRunsCode, promoteCode, runCode, runsCode } from './track-code.ts';

const texts = (snippets: Snippet[]) => snippets.map(({ text }) => text);

test('the runs as they are filtered, sorted and shown', () => {
  const [script, shell] = texts(
    runsCode({
      filter: "metrics.accuracy > 0.9 and params.learner = 'tree'",
      orderBy: 'metrics.accuracy DESC',
      experiment: 'penguins',
      parts: false,
    }),
  );
  assert.match(script ?? '', /orderBy: 'metrics\.accuracy DESC', experiment: 'penguins', parent: ''/);
  assert.match(shell ?? '', /--filter 'metrics\.accuracy > 0\.9 and params\.learner = '\\''tree'\\'''/);
});

test('without anything chosen the code is short', () => {
  const [script, shell] = texts(runsCode({ filter: '', orderBy: '', experiment: null, parts: true }));
  assert.match(script ?? '', /workspace\.runs\(\{\}\)/);
  assert.match(shell ?? '', /^hedgerow runs \\\n {2}--all$/m);
});

test('a run can be done again from its file, one that is part of another cannot', () => {
  const shell = (data: string | null, name: string | null) => texts(runCode('ab', { data, name }))[1] ?? '';
  assert.match(shell('my data.csv', null), /reproduce ab --data 'my data\.csv'$/);
  assert.doesNotMatch(shell(null, 'species'), /reproduce/);
  assert.match(shell(null, 'species'), /hedgerow register ab --name species$/);
});

test('comparing, promoting', () => {
  assert.match(texts(compareRunsCode(['a', 'b']))[1] ?? '', /hedgerow runs compare a b/);
  const [script, shell] = texts(promoteCode('species', 2, 'champion', "it's better"));
  assert.match(script ?? '', /promote\('species', 2, 'champion', 'it\\'s better'\)/);
  assert.match(shell ?? '', /promote species\/2 --alias champion --reason 'it'\\''s better'/);
});
