import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snippet } from './code.ts';
import { compareRunsCode, promoteCode, registerCode, runCode, runsCode } from './track-code.ts';

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

test('a training can be done again from its file, a study cannot', () => {
  assert.match(texts(runCode('ab', 'my data.csv'))[1] ?? '', /reproduce ab --data 'my data\.csv'/);
  assert.doesNotMatch(texts(runCode('ab', null))[1] ?? '', /reproduce/);
});

test('comparing, registering, promoting', () => {
  assert.match(texts(compareRunsCode(['a', 'b']))[1] ?? '', /hedgerow runs compare a b/);
  assert.match(texts(registerCode('ab', 'species'))[1] ?? '', /hedgerow register ab --name species/);
  const [script, shell] = texts(promoteCode('species', 2, 'champion', "it's better"));
  assert.match(script ?? '', /promote\('species', 2, 'champion', 'it\\'s better'\)/);
  assert.match(shell ?? '', /promote species\/2 --alias champion --reason 'it'\\''s better'/);
});
