//! Points in leaves of neighbours, and how far the leaves are.

use alloc::vec;
use alloc::vec::Vec;

use super::nearest::Nearest;
use super::{BOXES, Metric};
use crate::mlp::input;

/// Points a leaf holds, the last one apart.
pub const LEAF: usize = 64;

/// Points, or leaves, whose distances are summed side by side: four SIMD registers.
const LANES: usize = 16;

/// Points by leaf, with the box around each leaf.
///
/// The distance to a box is summed like that to a point, feature by feature, and each of its terms is
/// at most that of any point inside, rounded the same way. So it is never above the distance to a
/// point inside, to the last bit, and leaving a leaf out by its box changes nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaves {
    pub(super) features: usize,
    rows: usize,
    sound: bool,
    /// Leaf by leaf, feature by feature, [`LEAF`] numbers.
    values: Vec<f32>,
    /// The row of each point, once that is known.
    pub(super) order: Vec<u32>,
    /// [`LANES`] leaves after each other, feature by feature: so many lower ends, so many upper.
    boxes: Vec<f32>,
}

impl Leaves {
    /// Room for so many rows, at least one feature each; none is there yet.
    pub fn new(features: usize, rows: usize) -> Self {
        let n = rows.div_ceil(LEAF);
        Self {
            features,
            rows: 0,
            sound: true,
            values: Vec::with_capacity(n * LEAF * features),
            order: Vec::new(),
            boxes: vec![0.0; n.next_multiple_of(LANES) * features * 2],
        }
    }

    /// Adds a leaf of points, row-major: as many as it holds, but for the last one.
    #[inline(never)]
    pub fn add(&mut self, points: &[f32]) {
        let (features, leaf) = (self.features, self.rows / LEAF);
        self.sound &= self.rows.is_multiple_of(LEAF) && are_inputs(points);
        self.rows += points.len() / features;
        let first = self.values.len();
        self.values.resize(first + LEAF * features, 0.0);
        for (feature, values) in self.values[first..].chunks_exact_mut(LEAF).enumerate() {
            let own = points[feature..].iter().step_by(features);
            values.iter_mut().zip(own.clone()).for_each(|(value, &x)| *value = x);
            if !BOXES {
                continue;
            }
            let (mut least, mut most) = (points[feature], points[feature]);
            for &x in own {
                least = if x < least { x } else { least };
                most = if x > most { x } else { most };
            }
            let low = ((leaf / LANES * features + feature) * 2) * LANES + leaf % LANES;
            (self.boxes[low], self.boxes[low + LANES]) = (least, most);
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether every leaf is full but the last, and all numbers are such as networks read, too.
    pub(super) fn are_sound(&self) -> bool {
        self.sound
    }

    /// Number of leaves.
    pub(super) fn len(&self) -> usize {
        self.rows.div_ceil(LEAF)
    }

    /// Number of leaves, up to whole lanes.
    pub(super) fn padded(&self) -> usize {
        self.len().next_multiple_of(LANES)
    }

    /// Row-major, as they came.
    pub fn points(&self) -> Vec<f32> {
        let value = |at: usize, feature: usize| {
            self.values[(at / LEAF * self.features + feature) * LEAF + at % LEAF]
        };
        let row = |at: usize| (0..self.features).map(move |feature| value(at, feature));
        (0..self.rows).flat_map(row).collect()
    }

    /// Which features differ among the points.
    pub(super) fn varying(&self) -> Vec<bool> {
        let value = |leaf: usize, feature: usize, end: usize| {
            let block = leaf / LANES * self.features + feature;
            self.boxes[(block * 2 + end) * LANES + leaf % LANES]
        };
        let first = |feature| value(0, feature, 0);
        let varies = |feature| {
            (0..self.len()).any(|leaf| {
                value(leaf, feature, 0) != first(feature)
                    || value(leaf, feature, 1) != first(feature)
            })
        };
        (0..self.features).map(varies).collect()
    }

    /// The distance from `query` to each leaf's box.
    pub(super) fn bounds(&self, metric: Metric, query: &[f32], out: &mut [f32]) {
        let boxes = self.boxes.chunks_exact(self.features * 2 * LANES);
        for (block, out) in boxes.zip(out.chunks_exact_mut(LANES)) {
            match metric {
                Metric::Euclidean => box_distances::<false>(query, block, out),
                Metric::Manhattan => box_distances::<true>(query, block, out),
            }
        }
    }

    /// Offers the points of a leaf.
    pub(super) fn look(&self, metric: Metric, leaf: usize, query: &[f32], nearest: &mut Nearest) {
        let values = &self.values[leaf * LEAF * self.features..][..LEAF * self.features];
        let mut distances = [0.0f32; LEAF];
        match metric {
            Metric::Euclidean => point_distances::<false>(query, values, &mut distances),
            Metric::Manhattan => point_distances::<true>(query, values, &mut distances),
        }
        let rows = &self.order[leaf * LEAF..self.order.len().min((leaf + 1) * LEAF)];
        let mut farthest = nearest.farthest();
        for (&distance, &row) in distances.iter().zip(rows) {
            if distance <= farthest {
                nearest.add(distance, row);
                farthest = nearest.farthest();
            }
        }
    }
}

fn are_inputs(points: &[f32]) -> bool {
    points.iter().all(|x| x.is_finite() && input(f64::from(*x)) == *x)
}

#[inline(always)]
fn term<const MANHATTAN: bool>(difference: f32) -> f32 {
    if MANHATTAN { difference.abs() } else { difference * difference }
}

#[inline(never)]
fn point_distances<const MANHATTAN: bool>(query: &[f32], values: &[f32], out: &mut [f32; LEAF]) {
    let (out, _) = out.as_chunks_mut::<LANES>();
    for (lanes, out) in out.iter_mut().enumerate() {
        let mut sums = [0.0f32; LANES];
        for (&x, values) in query.iter().zip(values.as_chunks::<LEAF>().0) {
            let values: &[f32; LANES] = &values.as_chunks().0[lanes];
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += term::<MANHATTAN>(x - value);
            }
        }
        *out = sums;
    }
}

#[inline(never)]
fn box_distances<const MANHATTAN: bool>(query: &[f32], ends: &[f32], out: &mut [f32]) {
    let mut sums = [0.0f32; LANES];
    let (ends, _) = ends.as_chunks::<LANES>();
    let (pairs, _) = ends.as_chunks::<2>();
    for (&x, [low, high]) in query.iter().zip(pairs) {
        for lane in 0..LANES {
            let below = low[lane] - x;
            let above = x - high[lane];
            let outside = if below > above { below } else { above };
            let outside = if outside > 0.0 { outside } else { 0.0 };
            sums[lane] += term::<MANHATTAN>(outside);
        }
    }
    out.copy_from_slice(&sums);
}
