//! The fitted form of nearest neighbours: the rows learned from.

mod leaves;
mod nearest;

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;

pub use leaves::{LEAF, Leaves};
use nearest::Nearest;

use crate::Unsound;
use crate::mlp::{MAX_FEATURES, input};

/// Rows whose neighbours are looked for together, so that a leaf is read once for all of them.
const GROUP: usize = 32;

/// All that a class's code can tell apart.
const MAX_CLASSES: usize = 1 << 16;

/// Whether leaves are left out that are farther than what was found. The answers are the same.
const BOXES: bool = cfg!(feature = "speed");

/// Leaves every row looks into first, to know how near its neighbours are at least.
const FIRST: usize = 4;

/// How far two rows are from each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Metric {
    /// The straight line.
    #[default]
    Euclidean,
    /// The sum of all differences.
    Manhattan,
}

impl Metric {
    /// Both, in an order that never changes: its place here is its number in an image.
    pub const ALL: [Self; 2] = [Self::Euclidean, Self::Manhattan];
}

/// How much a neighbour counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Votes {
    /// All the same.
    #[default]
    Uniform,
    /// By the inverse of its distance; a neighbour at no distance outvotes all others.
    Distance,
}

impl Votes {
    /// Both, in an order that never changes: its place here is its number in an image.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Distance];
}

/// What the rows learned from have.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// A class below `n` each.
    Classes { codes: Vec<u16>, n: usize },
    /// A number each.
    Values(Vec<f64>),
}

impl Answers {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { codes, .. } => codes.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The `n_neighbors` nearest of the rows learned from vote. Rows equally far are taken by number,
/// the lower first. Coordinates and distances are `f32`; each distance is summed feature by feature,
/// so that it is the same on all platforms.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbors {
    pub n_neighbors: usize,
    pub metric: Metric,
    pub votes: Votes,
    pub answers: Answers,
    /// How much each row's vote counts, above 0; empty where all count 1.
    pub weights: Vec<f64>,
    leaves: Leaves,
}

/// What [`Neighbors`] are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighborRows {
    pub n_neighbors: usize,
    pub metric: Metric,
    pub votes: Votes,
    pub n_features: usize,
    /// Row by row, in the order of `order`.
    pub points: Vec<f32>,
    /// The row each point is. Points that are near each other should follow each other: prediction
    /// is quicker then, but the same.
    pub order: Vec<u32>,
    /// In the order of the rows.
    pub answers: Answers,
    pub weights: Vec<f64>,
}

impl Neighbors {
    /// Checks what `predict` relies on and prepares the search: the rows may be from a stranger.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn new(rows: NeighborRows) -> Result<Self, Unsound> {
        let n = rows.answers.len();
        // A leaf is padded: one row of endless features would take 64 times its size.
        let features = (1..=MAX_FEATURES).contains(&rows.n_features);
        if !features || Some(rows.points.len()) != n.checked_mul(rows.n_features) {
            return unsound("the rows do not have one number a feature");
        }
        let mut leaves = Leaves::new(rows.n_features, n);
        rows.points.chunks(LEAF * rows.n_features).for_each(|points| leaves.add(points));
        Self::with(leaves, rows)
    }

    /// The same of points that are in leaves already, instead of among `rows`.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn with(mut leaves: Leaves, rows: NeighborRows) -> Result<Self, Unsound> {
        let n = rows.answers.len();
        if !(1..=n).contains(&rows.n_neighbors) || u32::try_from(n).is_err() {
            return unsound("there are fewer rows than neighbours are asked for");
        }
        if leaves.rows() != n || leaves.features > MAX_FEATURES {
            return unsound("the rows do not have one number a feature");
        }
        if !leaves.are_sound() {
            return unsound("a coordinate is not finite, or too large");
        }
        if !is_permutation(&rows.order, n) {
            return unsound("the order of the rows is none");
        }
        let weights_fit = rows.weights.is_empty() || rows.weights.len() == n;
        if !weights_fit || !rows.weights.iter().all(|&weight| weight > 0.0 && weight <= 1e100) {
            return unsound("the rows' weights are not one a row, above 0 and finite");
        }
        let answers_fit = match &rows.answers {
            Answers::Classes { codes, n } => {
                *n <= MAX_CLASSES && codes.iter().all(|&code| usize::from(code) < *n)
            }
            Answers::Values(values) => values.iter().all(|value| value.is_finite()),
        };
        if !answers_fit {
            return unsound("a row's class or value is none");
        }
        leaves.order = rows.order;
        Ok(Self {
            leaves,
            n_neighbors: rows.n_neighbors,
            metric: rows.metric,
            votes: rows.votes,
            answers: rows.answers,
            weights: rows.weights,
        })
    }

    /// Row by row, in the order of [`Self::order`].
    pub fn points(&self) -> Vec<f32> {
        self.leaves.points()
    }

    /// The row each point is.
    pub fn order(&self) -> &[u32] {
        &self.leaves.order
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.leaves.features
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        match &self.answers {
            Answers::Classes { n, .. } => *n,
            Answers::Values(_) => 1,
        }
    }

    /// Which of the features differ among the rows.
    pub fn uses(&self) -> Vec<bool> {
        self.leaves.varying()
    }

    /// Outputs for `rows` rows, row by row: shares of the neighbours' votes, or their mean. A row
    /// with a missing feature has none: preparation fills what is missing.
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let width = self.n_outputs();
        let mut outputs = vec![0.0; rows * width];
        let mut group = Group::new(self);
        for start in (0..rows).step_by(GROUP) {
            let block = start..rows.min(start + GROUP);
            group.gather(features, block.clone());
            group.search(self);
            let outputs = outputs[block.start * width..block.end * width].chunks_exact_mut(width);
            outputs.zip(&group.nearest).for_each(|(out, nearest)| self.vote(nearest, out));
        }
        outputs
    }

    fn vote(&self, nearest: &Nearest, out: &mut [f64]) {
        let mut total = 0.0;
        for (row, distance) in nearest.rows() {
            let weight = match self.votes {
                Votes::Uniform => 1.0,
                Votes::Distance if nearest.touches() => f64::from(u8::from(distance == 0.0)),
                Votes::Distance => 1.0 / self.true_distance(distance),
            };
            let weight = weight * self.weights.get(row).copied().unwrap_or(1.0);
            total += weight;
            match &self.answers {
                Answers::Classes { codes, .. } => out[usize::from(codes[row])] += weight,
                Answers::Values(values) => out[0] += weight * values[row],
            }
        }
        out.iter_mut().for_each(|sum| *sum /= total);
    }

    fn true_distance(&self, distance: f32) -> f64 {
        match self.metric {
            Metric::Euclidean => sqrt(f64::from(distance)),
            Metric::Manhattan => f64::from(distance),
        }
    }
}

fn unsound(reason: &'static str) -> Result<Neighbors, Unsound> {
    Err(Unsound::because(reason))
}

fn is_permutation(order: &[u32], n: usize) -> bool {
    let mut seen = vec![false; n];
    let mut once =
        |&row: &u32| seen.get_mut(row as usize).is_some_and(|seen| !core::mem::replace(seen, true));
    order.len() == n && order.iter().all(&mut once)
}

/// Rows whose neighbours are looked for together.
struct Group {
    rows: usize,
    /// Row-major.
    queries: Vec<f32>,
    /// Row by row, the distance to each leaf's box; NaN once the row has looked into it.
    bounds: Vec<f32>,
    nearest: Vec<Nearest>,
}

impl Group {
    fn new(all: &Neighbors) -> Self {
        Self {
            rows: 0,
            queries: vec![0.0; GROUP * all.n_features()],
            bounds: vec![0.0; GROUP * all.leaves.padded()],
            nearest: vec![Nearest::new(all.n_neighbors); GROUP],
        }
    }

    fn gather(&mut self, features: &[Cow<[f64]>], block: core::ops::Range<usize>) {
        self.rows = block.len();
        self.nearest.iter_mut().for_each(Nearest::clear);
        let width = features.len();
        for (feature, values) in features.iter().enumerate() {
            let values = values.get(block.clone()).unwrap_or(&[]);
            let cells = self.queries.iter_mut().skip(feature).step_by(width);
            cells.zip(values).for_each(|(cell, &value)| *cell = input(value));
        }
    }

    /// Every row looks into the leaves nearest to it; then all rows together go through the leaves
    /// that may hold one nearer than what they found.
    fn search(&mut self, all: &Neighbors) {
        let (leaves, metric) = (&all.leaves, all.metric);
        let queries = self.queries.chunks_exact(leaves.features);
        let each = queries.zip(self.bounds.chunks_exact_mut(leaves.padded()));
        for ((query, bounds), nearest) in each.zip(&mut self.nearest).take(self.rows) {
            if !BOXES {
                break;
            }
            leaves.bounds(metric, query, bounds);
            for _ in 0..FIRST.min(leaves.len()) {
                let leaf = smallest(&bounds[..leaves.len()]);
                bounds[leaf] = f32::NAN;
                leaves.look(metric, leaf, query, nearest);
            }
        }
        for leaf in 0..leaves.len() {
            let queries = self.queries.chunks_exact(leaves.features);
            let bounds = self.bounds.iter().skip(leaf).step_by(leaves.padded());
            for ((query, bound), nearest) in
                queries.zip(bounds).zip(&mut self.nearest).take(self.rows)
            {
                if !BOXES || *bound <= nearest.farthest() {
                    leaves.look(metric, leaf, query, nearest);
                }
            }
        }
    }
}

/// As IEEE 754 has it, so the same on all platforms; in WebAssembly by its instruction, which without a
/// standard library only SIMD gives.
fn sqrt(value: f64) -> f64 {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        use core::arch::wasm32::{f64x2_extract_lane, f64x2_splat, f64x2_sqrt};
        f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(value)))
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    libm::sqrt(value)
}

/// The place of the smallest number, the first of equals; NaN is none.
fn smallest(values: &[f32]) -> usize {
    let mut best = (0, f32::INFINITY);
    for (at, &value) in values.iter().enumerate() {
        if value < best.1 {
            best = (at, value);
        }
    }
    best.0
}

#[cfg(test)]
mod tests;
