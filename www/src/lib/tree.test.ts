import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromPicture, layoutTree, likeliest, openAtFirst, shapeOf, type TreeNode } from './tree.ts';

function leaf(value: number): TreeNode {
  return { question: null, shares: null, value, rows: 1, yes: null, no: null };
}

function ask(question: string, yes: TreeNode, no: TreeNode): TreeNode {
  return { question, shares: null, value: null, rows: 2, yes, no };
}

/** All questions answered yes lead on, `depth` of them. */
function chain(depth: number): TreeNode {
  return depth === 0 ? leaf(0) : ask(`q${depth}`, chain(depth - 1), leaf(depth));
}

const full = (depth: number): TreeNode =>
  depth === 0 ? leaf(1) : ask('q', full(depth - 1), full(depth - 1));

test('nodes stand apart, and each between what it leads to', () => {
  const root = full(3);
  const { placed, links, rows, depth } = layoutTree(root, openAtFirst(root, 7));
  assert.equal(placed.length, 15);
  assert.equal(rows, 8);
  assert.equal(depth, 3);
  for (const level of [0, 1, 2, 3]) {
    const own = placed.filter((one) => one.depth === level).map((one) => one.row);
    assert.equal(new Set(own).size, own.length);
  }
  for (const { from, to, answer } of links) {
    assert.ok(answer === 'yes' ? to.row < from.row : to.row > from.row);
  }
});

test('what is not open is not drawn', () => {
  const { placed } = layoutTree(full(3), new Set(['']));
  assert.deepEqual(
    placed.map(({ path }) => path),
    ['', 'y', 'n'],
  );
});

test('whole levels are open at first, and never more than asked for', () => {
  assert.equal(openAtFirst(full(6), 7).size, 7);
  assert.equal(openAtFirst(full(6), 10).size, 7);
  assert.equal(openAtFirst(leaf(1), 7).size, 0);
});

test('a deep chain is counted without recursion', () => {
  let root = leaf(0);
  for (let depth = 0; depth < 50_000; depth += 1) root = ask('q', root, leaf(1));
  assert.deepEqual(shapeOf(root), { questions: 50_000, leaves: 50_001, depth: 50_000 });
  assert.equal(shapeOf(chain(3)).depth, 3);
});

test('of equal shares the first class is meant', () => {
  assert.equal(likeliest([0.4, 0.4, 0.2]), 0);
});

test('a tree of the package is drawn by the questions that lead to yes', () => {
  const node = (label: string, rows: number, values: number[], ...children: number[]) => ({
    label,
    depth: 0,
    rows,
    share: null,
    values,
    children,
  });
  const picture = {
    outputs: ['a', 'b'],
    nodes: [node('', 40, [], 1, 2), node('x <= 3', 30, [1, 0]), node('x > 3', 10, [0, 1])],
  };
  const root = fromPicture(picture as never, true);
  assert.equal(root.question, 'x ≤ 3');
  assert.deepEqual(root.shares, [0.75, 0.25]);
  assert.deepEqual(root.no?.shares, [0, 1]);
  assert.equal(root.yes?.question, null);
  const [first, yes, no] = picture.nodes;
  const jobs = { ...picture, nodes: [first, { ...yes, label: 'job in {(missing), clerk}' }, no] };
  assert.equal(fromPicture(jobs as never, true).question, 'job is (missing) or clerk');
});
