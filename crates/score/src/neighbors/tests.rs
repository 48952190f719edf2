use alloc::vec;

use proptest::prelude::*;

use super::*;
use crate::examples::{neighbor_rows as rows, neighbors as example};

fn predict(neighbors: &Neighbors, queries: &[f64]) -> Vec<f64> {
    let n = neighbors.n_features();
    let column = |feature| queries.iter().skip(feature).step_by(n).copied().collect();
    let columns: Vec<Cow<[f64]>> = (0..n).map(column).collect();
    neighbors.predict(&columns, queries.len() / n)
}

#[test]
fn the_nearest_rows_vote_by_weight() {
    // Points: row 2 at (0, 0), row 0 at (1, 0), row 1 at (5, 5).
    assert_eq!(predict(&example(), &[0.1, 0.0]), [20.0]);
    assert_eq!(predict(&example(), &[5.0, 5.0]), [(3.0 * 20.0 + 10.0) / 4.0]);
    let nearer = Neighbors::new(NeighborRows { votes: Votes::Distance, ..rows() }).unwrap();
    // Distances 0.25 and 0.75: votes 4 and 4 / 3.
    assert_eq!(
        predict(&nearer, &[0.25, 0.0]),
        [(4.0 * 30.0 + 4.0 / 3.0 * 10.0) / (4.0 + 4.0 / 3.0)]
    );
    assert_eq!(predict(&nearer, &[1.0, 0.0]), [10.0], "one at no distance outvotes all");
    let classes = Answers::Classes { codes: vec![0, 2, 2], n: 3 };
    let classes = NeighborRows { answers: classes, weights: vec![], ..rows() };
    assert_eq!(predict(&Neighbors::new(classes).unwrap(), &[0.0, 0.0]), [0.5, 0.0, 0.5]);
    assert!(predict(&example(), &[f64::NAN, 0.0])[0].is_nan());
    assert_eq!(example().uses(), [true, true]);
    assert_eq!(example().points(), rows().points);
}

#[test]
fn rows_that_do_not_fit_together_are_refused() {
    assert!(Neighbors::new(rows()).is_ok());
    let broken = |change: fn(&mut NeighborRows)| {
        let mut rows = rows();
        change(&mut rows);
        Neighbors::new(rows).is_err()
    };
    assert!(broken(|rows| rows.n_neighbors = 0));
    assert!(broken(|rows| rows.n_neighbors = 4));
    assert!(broken(|rows| rows.n_features = usize::MAX));
    assert!(broken(|rows| rows.n_features = 3));
    assert!(broken(|rows| rows.points[0] = f32::NAN));
    assert!(broken(|rows| rows.points[0] = 1e30));
    assert!(broken(|rows| rows.order[0] = 0));
    assert!(broken(|rows| rows.order[0] = 3));
    assert!(broken(|rows| rows.weights[0] = 0.0));
    assert!(broken(|rows| rows.weights.truncate(1)));
    assert!(broken(|rows| rows.answers = Answers::Values(vec![1.0, 2.0, f64::INFINITY])));
    assert!(broken(|rows| rows.answers = Answers::Classes { codes: vec![0, 1, 2], n: 2 }));
}

/// Numbers with many ties.
fn coarse(n: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f32::from((state >> 60) as u16) / 4.0 - 2.0
    };
    (0..n).map(|_| next()).collect()
}

/// All distances, sorted.
fn plainly(points: &[f32], query: &[f32], metric: Metric, k: usize) -> f64 {
    let term = |a: f32, b: f32| match metric {
        Metric::Euclidean => (a - b) * (a - b),
        Metric::Manhattan => (a - b).abs(),
    };
    let rows = points.chunks(query.len()).enumerate();
    let mut all: Vec<(f32, usize)> = rows
        .map(|(row, point)| {
            (query.iter().zip(point).fold(0.0, |sum, (&a, &b)| sum + term(a, b)), row)
        })
        .collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
    all[..k].iter().map(|&(_, row)| row as f64).sum::<f64>() / k as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever leaves are left out and in whichever order the points lie.
    #[test]
    fn the_search_finds_what_a_look_at_all_rows_finds(
        rows in 5usize..900, features in 1usize..5, k in 1usize..6, seed: u64, manhattan: bool,
    ) {
        let metric = if manhattan { Metric::Manhattan } else { Metric::Euclidean };
        let points = coarse(rows * features, seed);
        // By the first coordinate, so that leaves are boxes apart.
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by(|&a, &b| points[a as usize * features].total_cmp(&points[b as usize * features]));
        let sorted = order.iter().flat_map(|&row| &points[row as usize * features..][..features]);
        let neighbors = Neighbors::new(NeighborRows {
            n_neighbors: k,
            metric,
            votes: Votes::Uniform,
            n_features: features,
            points: sorted.copied().collect(),
            order,
            answers: Answers::Values((0..rows).map(|row| row as f64).collect()),
            weights: vec![],
        }).unwrap();
        let queries = coarse(40 * features, seed ^ 1);
        let found = predict(&neighbors, &queries.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
        for (query, found) in queries.chunks(features).zip(found) {
            prop_assert_eq!(found, plainly(&points, query, metric, k));
        }
    }
}
