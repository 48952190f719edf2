/** Where things came from, laid out from left to right: data sets, runs, versions, exports. */
import type { Lineage, Node, NodeKind } from 'hedgerow/track';
import { addressOf } from './address.ts';

export const BOX = { width: 168, height: 40 };
const GAP = { x: 56, y: 14 };

const KINDS: NodeKind[] = ['dataset', 'run', 'version', 'export'];

export const KIND_LABELS: Record<NodeKind, string> = {
  dataset: 'Data set',
  run: 'Run',
  version: 'Version',
  export: 'Export',
};

export interface Placed extends Node {
  x: number;
  y: number;
  /** Where it is looked at, if anywhere. */
  href: string | null;
}

export interface Laid {
  nodes: Placed[];
  links: { from: Placed; to: Placed }[];
  width: number;
  height: number;
}

/** A column for every kind that there is; in each, what belongs together stands near. */
export function laidOut({ nodes, edges }: Lineage): Laid {
  const kinds = KINDS.filter((kind) => nodes.some((node) => node.kind === kind));
  const tallest = Math.max(0, ...kinds.map((kind) => nodes.filter((node) => node.kind === kind).length));
  const height = tallest * (BOX.height + GAP.y) - GAP.y;
  const placed = new Map<string, Placed>();
  for (const [column, kind] of kinds.entries()) {
    const own = nodes.filter((node) => node.kind === kind);
    const above = (node: Node) => meanPlace(node, edges, placed);
    const sorted = own
      .map((node, index) => ({ node, index, place: above(node) }))
      .sort((a, b) => a.place - b.place || a.index - b.index);
    const top = (height - (own.length * (BOX.height + GAP.y) - GAP.y)) / 2;
    for (const [row, { node }] of sorted.entries()) {
      placed.set(node.id, {
        ...node,
        x: column * (BOX.width + GAP.x),
        y: top + row * (BOX.height + GAP.y),
        href: hrefOf(node),
      });
    }
  }
  const links = edges.flatMap(([start, end]) => {
    const [from, to] = [placed.get(start), placed.get(end)];
    return from && to ? [{ from, to }] : [];
  });
  const width = kinds.length * (BOX.width + GAP.x) - GAP.x;
  return { nodes: [...placed.values()], links, width: Math.max(0, width), height: Math.max(0, height) };
}

/** How far down that stands on average from which it came. */
function meanPlace(node: Node, edges: [string, string][], placed: Map<string, Placed>): number {
  const from = edges.flatMap(([start, end]) => {
    const one = end === node.id ? placed.get(start) : undefined;
    return one ? [one.y] : [];
  });
  return from.length > 0 ? from.reduce((sum, y) => sum + y, 0) / from.length : 0;
}

function hrefOf({ id, kind, label }: Node): string | null {
  if (kind === 'run') return addressOf('runs', id.replace(/^run:/, ''));
  if (kind === 'version') return addressOf('models', label.replace(/\/\d+$/, ''));
  return null;
}

/** What it says of a thing: where it came from. */
export function origins({ nodes, links }: Laid): { node: Placed; from: string }[] {
  return nodes.map((node) => ({
    node,
    from: links
      .filter(({ to }) => to === node)
      .map(({ from }) => `${KIND_LABELS[from.kind].toLowerCase()} ${from.label}`)
      .join(', '),
  }));
}
