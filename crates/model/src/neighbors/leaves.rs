//! Points in leaves of neighbours, and how far the leaves are.

use super::Metric;
use super::nearest::Nearest;

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
pub(super) struct Leaves {
    pub features: usize,
    /// Leaf by leaf, feature by feature, [`LEAF`] numbers.
    values: Vec<f32>,
    /// The row of each point.
    pub order: Vec<u32>,
    /// [`LANES`] leaves after each other, feature by feature: so many lower ends, so many upper.
    boxes: Vec<f32>,
}

impl Leaves {
    pub fn new(points: &[f32], order: Vec<u32>, features: usize) -> Self {
        let n = order.len().div_ceil(LEAF);
        let mut leaves = Self {
            features,
            values: vec![0.0; n * LEAF * features],
            boxes: vec![0.0; n.next_multiple_of(LANES) * features * 2],
            order,
        };
        for (leaf, points) in points.chunks(features * LEAF).enumerate() {
            leaves.fill(leaf, points);
        }
        leaves
    }

    /// Puts the points of a leaf in place, and the box around them.
    #[inline(never)]
    fn fill(&mut self, leaf: usize, points: &[f32]) {
        let features = self.features;
        let values = &mut self.values[leaf * LEAF * features..][..LEAF * features];
        for (feature, values) in values.chunks_exact_mut(LEAF).enumerate() {
            let own = points[feature..].iter().step_by(features);
            let (mut least, mut most) = (points[feature], points[feature]);
            for (value, &x) in values.iter_mut().zip(own) {
                *value = x;
                least = if x < least { x } else { least };
                most = if x > most { x } else { most };
            }
            let low = ((leaf / LANES * features + feature) * 2) * LANES + leaf % LANES;
            (self.boxes[low], self.boxes[low + LANES]) = (least, most);
        }
    }

    /// Number of leaves.
    pub fn len(&self) -> usize {
        self.order.len().div_ceil(LEAF)
    }

    /// Number of leaves, up to whole lanes.
    pub fn padded(&self) -> usize {
        self.len().next_multiple_of(LANES)
    }

    /// Row-major, as they came.
    pub fn points(&self) -> Vec<f32> {
        let value = |at: usize, feature: usize| {
            self.values[(at / LEAF * self.features + feature) * LEAF + at % LEAF]
        };
        let row = |at: usize| (0..self.features).map(move |feature| value(at, feature));
        (0..self.order.len()).flat_map(row).collect()
    }

    /// Which features differ among the points.
    pub fn varying(&self) -> Vec<bool> {
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
    pub fn bounds(&self, metric: Metric, query: &[f32], out: &mut [f32]) {
        let boxes = self.boxes.chunks_exact(self.features * 2 * LANES);
        for (block, out) in boxes.zip(out.chunks_exact_mut(LANES)) {
            match metric {
                Metric::Euclidean => box_distances::<false>(query, block, out),
                Metric::Manhattan => box_distances::<true>(query, block, out),
            }
        }
    }

    /// Offers the points of a leaf.
    pub fn look(&self, metric: Metric, leaf: usize, query: &[f32], nearest: &mut Nearest) {
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
