import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, Move, Version } from 'hedgerow/track';
import { actionText } from './audit.ts';

const entry = (action: string, at = 1, reason = '') => ({ action, at, reason }) as Entry;
const move = (at: number, version: number | null, back = false): Move => ({
  alias: 'champion',
  version,
  at,
  author: '',
  reason: 'why',
  back,
});

test('a move of an alias says where it went', () => {
  const moves = [move(1, 1), move(2, 2), move(3, 1, true), move(4, null)];
  const said = [1, 2, 3, 4].map((at) => actionText(entry('move_alias', at, 'why'), moves, []));
  assert.deepEqual(said, [
    'champion is version 1',
    'champion is version 2',
    'champion back to version 1',
    'champion taken away',
  ]);
});

test('all else is said in words, what is unknown as it is', () => {
  assert.equal(actionText(entry('register'), [], []), 'Version registered');
  assert.equal(actionText(entry('move_alias'), [], []), 'Alias moved');
  assert.equal(actionText(entry('new'), [], []), 'new');
});

test('what was registered is told by its number', () => {
  const versions = [{ version: 2, created: 7 } as Version];
  assert.equal(actionText(entry('register', 7), [], versions), 'Version 2 registered');
  assert.equal(actionText(entry('register', 8), [], versions), 'Version registered');
});
