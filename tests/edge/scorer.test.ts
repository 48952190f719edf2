/** `Scorer` against the exported modules' interface: `support/echo.wat`, which adds a number and a length. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import binaryen from 'binaryen';
import { HedgerowError, Scorer } from 'hedgerow/edge';

const text = await readFile(new URL('support/echo.wat', import.meta.url), 'utf8');
const module = new WebAssembly.Module(binaryen.parseText(text).emitBinary() as BufferSource);

const numbers = (...values: number[]) => Float64Array.from(values);
const failsWith =
  (code: string, details: object = {}) =>
  (error: unknown) => {
    assert.ok(error instanceof HedgerowError, String(error));
    assert.equal(error.code, code);
    assert.deepEqual(error.details, details);
    return true;
  };

test('a module describes itself, as an instance does', () => {
  const { description } = Scorer.from(module);
  assert.equal(description.name, 'echo');
  assert.deepEqual(
    description.features.map(({ name }) => name),
    ['x', 'word'],
  );
  assert.deepEqual(Scorer.from(new WebAssembly.Instance(module, {})).description, description);
});

test('numbers and texts arrive as they are', () => {
  const words = ['', 'a', 'ß', '€', '🐧', null, 'words and 🐧', '\ud800'];
  const scorer = Scorer.from(module);
  const { values, classes } = scorer.score([numbers(0, 1, 2, 3, 4, 5, 6, Number.NaN), words], words.length);
  assert.deepEqual(Array.from(values), [0, 2, 4, 6, 8, 1005, 20, Number.NaN]);
  const first = (word: string | null) => new TextEncoder().encode(word ?? '')[0] ?? 0;
  assert.deepEqual(Array.from(classes), words.map(first));
  assert.deepEqual(scorer.score([numbers(0.5), ['abc']], 1).values, numbers(3.5));
});

test('memory that grows is seen, and what was answered before stays', () => {
  const scorer = Scorer.from(module);
  const before = scorer.score([numbers(1), ['x']], 1);
  const rows = 50_000;
  const words = Array.from({ length: rows }, (_, row) => 'ä'.repeat(row % 7));
  const { values } = scorer.score([Float64Array.from(words.keys()), words], rows);
  assert.ok(values.every((value, row) => value === row + 2 * (row % 7)));
  assert.deepEqual(before.values, numbers(2));
  assert.deepEqual(scorer.score([numbers(), []], 0).values, numbers());
});

test('what a module refuses is an error with row and column', () => {
  const scorer = Scorer.from(module);
  const at = failsWith('not_finite', { row: 2, column: 'x' });
  assert.throws(() => scorer.score([numbers(1, Infinity), ['a', 'b']], 2), at);
  assert.deepEqual(scorer.score([numbers(1), ['b']], 1).values, numbers(2));
  const rows = 1_000_001;
  assert.throws(
    () => scorer.score([new Float64Array(rows), new Array(rows).fill(null)], rows),
    failsWith('too_large'),
  );
});

test('an image is handed over, and checked', () => {
  assert.deepEqual(Scorer.from(module, Uint8Array.of(1)).score([numbers(1), ['b']], 1).values, numbers(2));
  assert.throws(() => Scorer.from(module, Uint8Array.of(9)), failsWith('model_damaged'));
  assert.throws(() => Scorer.from(module, new Uint8Array(2)), failsWith('too_large'));
});

test('another module is none', () => {
  const other = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assert.throws(() => Scorer.from(other), failsWith('not_a_scorer'));
});
