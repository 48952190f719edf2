/** A tree of questions: where its nodes stand, and what they say. */
import type { TreePicture } from 'hedgerow';

/** A node, as it is drawn. */
export interface TreeNode {
  /** What it asks; null of a leaf. */
  question: string | null;
  /** Of each class, in a classification. */
  shares: number[] | null;
  /** In a regression. */
  value: number | null;
  /** Training rows that came here, where it is known. */
  rows: number | null;
  /** Where a row goes if so, and if not so. */
  yes: TreeNode | null;
  no: TreeNode | null;
}

/** A tree of the package as it is drawn. What an inner node predicts is the mean of its leaves, where their rows
 * are known. */
export function fromPicture({ nodes }: TreePicture, isClassification: boolean): TreeNode {
  const built: TreeNode[] = [];
  // Those below a node stand after it.
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const { children, values, rows } = nodes[place] as TreePicture['nodes'][number];
    const [yes = null, no = null] = children.map((child) => built[child] ?? null);
    const first = nodes[children[0] ?? -1];
    const known = values.length > 0 ? values : mean(yes, no, isClassification);
    built[place] = {
      question: first && yes && no ? asked(first.label) : null,
      shares: isClassification ? known : null,
      value: isClassification ? null : (known?.[0] ?? null),
      rows: rows ?? null,
      yes,
      no,
    };
  }
  return built[0] ?? { question: null, shares: null, value: null, rows: null, yes: null, no: null };
}

/** `x <= 3` as `x ≤ 3`, `job in {a, b}` as `job is a or b`. */
function asked(label: string): string {
  const [, name, list] = /^(.*) in \{(.*)\}$/s.exec(label) ?? [];
  if (name !== undefined && list !== undefined) return `${name} is ${list.split(', ').join(' or ')}`;
  return label.replace(' <= ', ' ≤ ');
}

function mean(yes: TreeNode | null, no: TreeNode | null, isClassification: boolean): number[] | null {
  const parts = [yes, no].map((node) => ({
    rows: node?.rows ?? null,
    values: isClassification ? (node?.shares ?? null) : node?.value == null ? null : [node.value],
  }));
  const [a, b] = parts;
  if (!a?.values || !b?.values || a.rows === null || b.rows === null) return null;
  const { values: others, rows: otherRows } = b;
  const all = Math.max(1, a.rows + otherRows);
  return a.values.map((value, index) => (value * (a.rows ?? 0) + (others[index] ?? 0) * otherRows) / all);
}

/** How many trees of a model can be read: those whose leaves say what is predicted. */
export function readableTrees(kind: string, params: Record<string, unknown>): number {
  if (kind === 'decision-tree' || kind === 'linfa-cart') return 1;
  const forest = kind === 'random-forest' || kind === 'extra-trees';
  return forest && typeof params.n_estimators === 'number' ? params.n_estimators : 0;
}

/** A node in its place. `path` says how one gets there: `y` and `n` for each answer. */
export interface Placed {
  path: string;
  node: TreeNode;
  depth: number;
  /** In rows of the picture; halves occur. */
  row: number;
  /** Whether what it asks leads further in the picture. */
  open: boolean;
}

export interface Link {
  from: Placed;
  to: Placed;
  answer: 'yes' | 'no';
}

export interface Layout {
  placed: Placed[];
  links: Link[];
  depth: number;
  rows: number;
}

/** Left to right: a node stands in the middle of what it leads to, and each end has a row of its own. */
export function layoutTree(root: TreeNode, open: ReadonlySet<string>): Layout {
  const placed: Placed[] = [];
  const links: Link[] = [];
  let rows = 0;
  const place = (node: TreeNode, path: string): Placed => {
    const own: Placed = { path, node, depth: path.length, row: 0, open: false };
    placed.push(own);
    const { yes, no } = node;
    if (yes && no && open.has(path)) {
      own.open = true;
      const first = place(yes, `${path}y`);
      const second = place(no, `${path}n`);
      own.row = (first.row + second.row) / 2;
      links.push({ from: own, to: first, answer: 'yes' }, { from: own, to: second, answer: 'no' });
    } else {
      own.row = rows;
      rows += 1;
    }
    return own;
  };
  place(root, '');
  return { placed, links, depth: Math.max(...placed.map((one) => one.depth)), rows };
}

/** The questions that are open at first: those near the root, as many as are taken in at a glance. */
export function openAtFirst(root: TreeNode, most: number): Set<string> {
  const open = new Set<string>();
  let level: [TreeNode, string][] = [[root, '']];
  while (level.length > 0) {
    const asking = level.filter(([node]) => node.yes && node.no);
    if (open.size + asking.length > most) break;
    for (const [, path] of asking) open.add(path);
    level = asking.flatMap(([{ yes, no }, path]): [TreeNode, string][] =>
      yes && no
        ? [
            [yes, `${path}y`],
            [no, `${path}n`],
          ]
        : [],
    );
  }
  return open;
}

export interface Shape {
  questions: number;
  leaves: number;
  depth: number;
}

export function shapeOf(root: TreeNode): Shape {
  const shape = { questions: 0, leaves: 0, depth: 0 };
  const visit: [TreeNode, number][] = [[root, 0]];
  for (let next = visit.pop(); next; next = visit.pop()) {
    const [{ yes, no }, depth] = next;
    shape.depth = Math.max(shape.depth, depth);
    if (yes && no) {
      shape.questions += 1;
      visit.push([no, depth + 1], [yes, depth + 1]);
    } else {
      shape.leaves += 1;
    }
  }
  return shape;
}

/** The class with the largest share; of equals the first. */
export function likeliest(shares: number[]): number {
  return shares.indexOf(Math.max(...shares));
}
