import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classColour, DISTINCT, lineColour } from './palette.ts';

test('twenty-four classes have colours of their own, and the rest a common grey', () => {
  const colours = Array.from({ length: 24 }, (_, index) => classColour(index));
  assert.equal(new Set(colours).size, 24);
  assert.ok(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour)));
  assert.equal(classColour(24), classColour(1000));
});

test('colours that stand side by side differ in lightness', () => {
  const lightness = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((start) =>
      Number.parseInt(colour.slice(start, start + 2), 16),
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (let index = 1; index < DISTINCT; index += 1) {
    const step = Math.abs(lightness(classColour(index)) - lightness(classColour(index - 1)));
    assert.ok(step > 12, `${index}: ${step}`);
  }
});

test('lines have colours of their own, and none that is like that of the first', () => {
  const colours = Array.from({ length: 8 }, (_, index) => lineColour(index));
  assert.equal(new Set(colours).size, 8);
  assert.ok(!colours.includes(classColour(2)));
});
