import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from './drift.fixture.ts';
import { middleOf, timeInName } from './time-of.ts';
import { shortNames, timePoints } from './timeline.ts';

test('a name tells a month or a day, and no other number is one', () => {
  const march = Date.UTC(2026, 2, 1);
  for (const name of ['flights-2026-03.csv', '2026_03 flights.csv', 'f.2026.03.csv'])
    assert.equal(timeInName(name), march);
  for (const name of ['2026-03-14.csv', 'day20260314.csv'])
    assert.equal(timeInName(name), Date.UTC(2026, 2, 14));
  for (const name of ['flights.csv', 'v202603.csv', '2026-13.csv', '12026-03.csv', 'https://a.example:2026'])
    assert.equal(timeInName(name), null, name);
});

test('the middle of times leaves out what is missing', () => {
  assert.equal(middleOf(Float64Array.of(Number.NaN, 2, 6, 3)), 4);
  assert.equal(middleOf(Float64Array.of(Number.NaN)), null);
});

test('points are in order of time where all have one, else by name', () => {
  const placed = (name: string, at: number | null = null) => ({ name, at, report });
  const names = (of: ReturnType<typeof placed>[]) => timePoints(of).map(({ name }) => name);
  assert.deepEqual(names([placed('b-2026-02'), placed('a-2026-03'), placed('c', Date.UTC(2026, 0, 5))]), [
    'c',
    'b-2026-02',
    'a-2026-03',
  ]);
  assert.deepEqual(names([placed('part 10'), placed('part 9', 5)]), ['part 9', 'part 10']);
  assert.deepEqual(
    timePoints([placed('b', 1), placed('a', 1)]).map(({ at }) => at),
    [null, null],
  );
});

test('files of one name are points of their own', () => {
  const placed = (name: string) => ({ name, at: null, report });
  const names = ['may.csv', 'june.csv', 'may.csv', 'may.csv', 'may.csv (2)'];
  assert.deepEqual(
    timePoints(names.map(placed)).map(({ name }) => name),
    ['june.csv', 'may.csv', 'may.csv (3)', 'may.csv (4)', 'may.csv (2)'],
  );
});

test('where there is little room, names of files end as they differ', () => {
  assert.deepEqual(shortNames(['flights-2013-04.csv', 'few.csv'], 8), ['…2013-04', 'few']);
  assert.deepEqual(shortNames(['a.csv', 'b.hgp'], 8), ['a.csv', 'b.hgp']);
  assert.deepEqual(shortNames(['https://a.example/one'], 6), ['…e/one']);
});
