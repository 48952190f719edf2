//! Where a value stands among ascending edges.

use alloc::vec::Vec;

/// Parts of the range that most edges are in.
const PARTS: usize = 64;

/// Finds the edges near a value by its part of the range, so that few of them are left to compare it with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Places {
    least: f64,
    /// Parts a unit; 0 where all is one part.
    scale: f64,
    /// Edges before each part, and all of them.
    before: Vec<u8>,
}

impl Places {
    /// Of 255 edges at most.
    pub fn of(edges: &[f64]) -> Self {
        // The ends may be far away from all the others.
        let (first, last) = (edges.len() / 10, edges.len() - edges.len() / 10);
        let (least, most) = match &edges[first..last] {
            [least, .., most] => (*least, *most),
            _ => (0.0, 0.0),
        };
        let scale = PARTS as f64 / (most - least);
        let scale = if scale.is_finite() { scale } else { 0.0 };
        let mut places = Self { least, scale, before: alloc::vec![0; PARTS + 1] };
        for &edge in edges {
            let part = places.part(edge);
            places.before[part + 1] = places.before[part + 1].saturating_add(1);
        }
        for part in 0..PARTS {
            places.before[part + 1] = places.before[part].saturating_add(places.before[part + 1]);
        }
        places
    }

    /// How many of the same edges a finite value has reached. Of two values the larger one is in no part before the
    /// other's, so edges of parts before are smaller, and those of parts behind larger.
    pub fn find(&self, edges: &[f64], value: f64) -> usize {
        let part = self.part(value);
        let (low, high) = (usize::from(self.before[part]), usize::from(self.before[part + 1]));
        low + edges[low..high].partition_point(|edge| *edge <= value)
    }

    fn part(&self, value: f64) -> usize {
        (((value - self.least) * self.scale) as usize).min(PARTS - 1)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use proptest::prelude::*;

    fn all_same(mut edges: Vec<f64>, values: &[f64]) {
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        let places = Places::of(&edges);
        let near = edges.iter().flat_map(|edge| [edge.next_down(), *edge, edge.next_up()]);
        for value in near.chain(values.iter().copied()).filter(|value| value.is_finite()) {
            let expected = edges.partition_point(|edge| *edge <= value);
            assert_eq!(places.find(&edges, value), expected, "{value} in {edges:?}");
        }
    }

    #[test]
    fn of_odd_edges() {
        for edges in [
            vec![],
            vec![0.0],
            vec![-0.0, 0.0],
            vec![f64::MIN, f64::MAX],
            vec![f64::MIN, -1.0, 0.0, 5e-324, 1.0, f64::MAX],
            (0..255).map(f64::from).collect(),
            (0..192).map(|i| libm::exp(f64::from(i) * 3.0)).collect(),
            (0..192).map(|i| 1.0 + f64::from(i) * f64::EPSILON).collect(),
        ] {
            all_same(edges, &[f64::MIN, -1e9, -1.0, 0.0, 0.5, 1e-300, 3.3, 1e9, f64::MAX]);
        }
    }

    proptest! {
        #[test]
        fn of_any(
            edges in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 0..192),
            values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 0..50),
        ) {
            all_same(edges, &values);
        }

        #[test]
        fn of_near_ones(edges in prop::collection::vec(-9.0..9.0, 0..192), values in prop::collection::vec(-9.9..9.9, 50)) {
            all_same(edges, &values);
        }
    }
}
