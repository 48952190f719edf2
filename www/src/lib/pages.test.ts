import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAGE_ROWS, Pages } from './pages.ts';

function harness() {
  const asked: { start: number; end: number; columns: string[] }[] = [];
  let arrivals = 0;
  const pages = new Pages(
    Array.from({ length: 40 }, (_, index) => `c${index}`),
    1000,
    async (block) => {
      asked.push(block);
      return block.columns.map((name) =>
        Array.from({ length: block.end - block.start }, (_, row) => `${name}:${block.start + row}`),
      );
    },
    () => {
      arrivals += 1;
    },
  );
  return { pages, asked, arrivals: () => arrivals };
}

test('a page is fetched once and answers all its cells', async () => {
  const { pages, asked, arrivals } = harness();
  assert.equal(pages.cell(0, 0), undefined);
  assert.equal(pages.cell(5, 3), undefined);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(arrivals(), 1);
  assert.equal(asked.length, 1);
  assert.equal(pages.cell(5, 3), 'c3:5');
});

test('the last page ends with the table, in rows and columns', async () => {
  const { pages, asked } = harness();
  pages.cell(999, 39);
  await Promise.resolve();
  assert.equal(asked[0]?.start, Math.floor(999 / PAGE_ROWS) * PAGE_ROWS);
  assert.equal(asked[0]?.end, 1000);
  assert.deepEqual(asked[0]?.columns, ['c32', 'c33', 'c34', 'c35', 'c36', 'c37', 'c38', 'c39']);
});
