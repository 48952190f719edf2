import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lineage } from 'hedgerow/track';
import { laidOut, origins } from './lineage.ts';

const lineage: Lineage = {
  nodes: [
    { id: 'dataset:d', kind: 'dataset', label: 'penguins.csv' },
    { id: 'run:1', kind: 'run', label: 'random-forest' },
    { id: 'run:2', kind: 'run', label: 'tree' },
    { id: 'version:b', kind: 'version', label: 'species/2' },
    { id: 'version:a', kind: 'version', label: 'species/1' },
  ],
  edges: [
    ['dataset:d', 'run:1'],
    ['dataset:d', 'run:2'],
    ['run:2', 'version:b'],
    ['run:1', 'version:a'],
  ],
};

test('what came of something stands right of it, without crossing lines', () => {
  const { nodes, links, width, height } = laidOut(lineage);
  assert.equal(links.length, 4);
  assert.ok(links.every(({ from, to }) => from.x < to.x));
  const y = (id: string) => nodes.find((node) => node.id === id)?.y ?? -1;
  assert.ok(y('version:a') < y('version:b'));
  assert.ok(nodes.every((node) => node.y >= 0 && node.y < height && node.x < width));
});

test('runs and versions lead to where they are looked at', () => {
  const href = (id: string) => laidOut(lineage).nodes.find((node) => node.id === id)?.href;
  assert.equal(href('run:1'), '#/runs/1');
  assert.equal(href('version:b'), '#/models/species');
  assert.equal(href('dataset:d'), null);
});

test('in words: each with where it came from', () => {
  const told = origins(laidOut(lineage));
  assert.equal(told.find(({ node }) => node.id === 'version:b')?.from, 'run tree');
  assert.equal(told.find(({ node }) => node.id === 'dataset:d')?.from, '');
});

test('nothing takes no room', () => {
  assert.deepEqual(laidOut({ nodes: [], edges: [] }), { nodes: [], links: [], width: 0, height: 0 });
});
