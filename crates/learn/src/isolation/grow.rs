//! Trees that tell rows apart at random.

use hedgerow_model::{FeatureKind, LEAF, average_path};
use ndarray::ArrayView2;

use crate::forest::{Leaves, Random};

/// Trees in preorder, one after the other, as in a [`TreeEnsemble`](hedgerow_model::TreeEnsemble) but
/// for the thresholds, which are no codes yet.
pub(super) struct Trees {
    pub roots: Vec<u32>,
    pub feature: Vec<u16>,
    pub child: Vec<u32>,
    pub category_sets: Vec<u32>,
    /// One a node.
    pub rules: Vec<Rule>,
    pub leaves: Leaves,
}

/// What sends a row to the left.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// Nothing is asked.
    Leaf,
    /// A number that does not exceed the threshold, or perhaps a missing one.
    Number { threshold: f64, missing_left: bool },
    /// A category in the set whose first word this is.
    Set(u32),
}

/// What a tree is grown from.
pub(super) struct Ground<'a> {
    /// Rows by features.
    pub x: ArrayView2<'a, f64>,
    pub kinds: &'a [FeatureKind],
    /// Those that the tree may ask for.
    pub features: Vec<u32>,
    /// Splits between the root and a leaf at most.
    pub max_depth: u32,
    pub random: Random,
}

/// A node that is not grown yet: the place of its rows, and the node whose right child it is.
struct Open {
    from: usize,
    to: usize,
    depth: u32,
    parent: Option<usize>,
}

impl Trees {
    pub fn new() -> Self {
        Self {
            roots: Vec::new(),
            feature: Vec::new(),
            child: Vec::new(),
            category_sets: Vec::new(),
            rules: Vec::new(),
            leaves: Leaves::new(1),
        }
    }

    /// Grows a tree that tells `rows` apart.
    pub fn grow(&mut self, mut ground: Ground, mut rows: Vec<u32>) {
        self.roots.push(self.feature.len() as u32);
        let mut open = vec![Open { from: 0, to: rows.len(), depth: 0, parent: None }];
        while let Some(Open { from, to, depth, parent }) = open.pop() {
            let node = self.feature.len();
            if let Some(parent) = parent {
                self.child[parent] = node as u32;
            }
            let rows = &mut rows[from..to];
            let can_split = rows.len() > 1 && depth < ground.max_depth;
            let question = if can_split { self.question(&mut ground, rows) } else { None };
            let Some((feature, rule)) = question else {
                self.leaf(depth, rows.len() as u32);
                continue;
            };
            self.push(feature as u16, 0, rule);
            let left = self.part(&ground, feature as usize, rule, rows);
            let below = |from, to, parent| Open { from, to, depth: depth + 1, parent };
            open.push(below(from + left, to, Some(node)));
            open.push(below(from, from + left, None));
        }
    }

    fn push(&mut self, feature: u16, child: u32, rule: Rule) {
        self.feature.push(feature);
        self.child.push(child);
        self.rules.push(rule);
    }

    fn leaf(&mut self, depth: u32, rows: u32) {
        let number = self.leaves.number(&[f64::from(depth) + average_path(rows)]);
        self.push(LEAF, number, Rule::Leaf);
    }

    /// A random question with more than one answer among the rows; `None` where they are all alike.
    fn question(&mut self, ground: &mut Ground, rows: &[u32]) -> Option<(u32, Rule)> {
        for at in 0..ground.features.len() {
            let rest = (ground.features.len() - at) as u32;
            let drawn = at + ground.random.below(rest) as usize;
            ground.features.swap(at, drawn);
            let feature = ground.features[at];
            let rule = match ground.kinds.get(feature as usize) {
                Some(&FeatureKind::Categorical { n }) => self.set(ground, feature, n, rows),
                _ => ground.threshold(feature, rows),
            };
            if let Some(rule) = rule {
                return Some((feature, rule));
            }
        }
        None
    }

    /// A random set of the codes `0..=n` that parts those of the rows.
    fn set(&mut self, ground: &mut Ground, feature: u32, n: u32, rows: &[u32]) -> Option<Rule> {
        let words = (n as usize + 1).div_ceil(32);
        let mut present = vec![0u32; words];
        for &row in rows {
            let code = code(ground.x[(row as usize, feature as usize)]);
            present[code / 32] |= 1 << (code % 32);
        }
        if present.iter().map(|word| word.count_ones()).sum::<u32>() < 2 {
            return None;
        }
        let first = self.category_sets.len();
        loop {
            self.category_sets.truncate(first);
            self.category_sets.extend((0..words).map(|_| ground.random.bits()));
            let pairs = || present.iter().zip(&self.category_sets[first..]);
            if pairs().any(|(all, set)| all & set != 0) && pairs().any(|(all, set)| all & !set != 0)
            {
                return Some(Rule::Set(first as u32));
            }
        }
    }

    /// Brings the rows that go left to the front; how many they are.
    fn part(&self, ground: &Ground, feature: usize, rule: Rule, rows: &mut [u32]) -> usize {
        let mut left = 0;
        for at in 0..rows.len() {
            if self.goes_left(rule, ground.x[(rows[at] as usize, feature)]) {
                rows.swap(left, at);
                left += 1;
            }
        }
        left
    }

    fn goes_left(&self, rule: Rule, value: f64) -> bool {
        match rule {
            Rule::Leaf => false,
            Rule::Number { missing_left, .. } if value.is_nan() => missing_left,
            Rule::Number { threshold, .. } => value <= threshold,
            Rule::Set(first) => {
                let code = code(value);
                self.category_sets[first as usize + code / 32] >> (code % 32) & 1 == 1
            }
        }
    }
}

/// The code of a category; 0 is missing.
fn code(category: f64) -> usize {
    if category.is_nan() { 0 } else { 1 + category as usize }
}

impl Ground<'_> {
    fn threshold(&mut self, feature: u32, rows: &[u32]) -> Option<Rule> {
        let (mut low, mut high, mut gaps) = (f64::INFINITY, f64::NEG_INFINITY, false);
        for &row in rows {
            let value = self.x[(row as usize, feature as usize)];
            // NaN is neither.
            low = low.min(value);
            high = high.max(value);
            gaps |= value.is_nan();
        }
        if low < high {
            let threshold = between(low, high, self.random.uniform());
            return Some(Rule::Number { threshold, missing_left: self.random.bits() & 1 == 1 });
        }
        (gaps && low == high).then_some(Rule::Number { threshold: low, missing_left: false })
    }
}

/// The number at `share`, 0 to below 1, of the way from `low` to `high`; below `high`.
fn between(low: f64, high: f64, share: f64) -> f64 {
    // Not low + share * (high - low), as the difference may be beyond all numbers.
    let drawn = low * (1.0 - share) + high * share;
    if low <= drawn && drawn < high { drawn } else { low }
}
