use hedgerow_model::{Estimator, FeatureKind, Metric, Neighbors, Votes};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use super::KNearestNeighbors;
use crate::LearnError;
use crate::figures::{assert_close, figures, matrix, target};
use crate::fitting::{Input, Work};
use crate::forest::{Random, Target};
use crate::learner::Recipe;

fn fit(
    params: &KNearestNeighbors,
    x: &Array2<f64>,
    target: Target,
    weights: Option<Vec<f64>>,
) -> Result<Neighbors, LearnError> {
    let work = Work {
        input: Input::Numbers(x.clone()),
        names: vec!["x".into(); x.ncols()],
        kinds: vec![FeatureKind::Numeric; x.ncols()],
        target,
        weights,
        seed: 1,
    };
    let mut fitting = params.begin(work)?;
    while !fitting.ended() {
        fitting.step(fitting.done())?;
    }
    match fitting.finish()?.estimator {
        Estimator::Neighbors(neighbors) => Ok(neighbors),
        other => unreachable!("{other:?}"),
    }
}

fn predict(neighbors: &Neighbors, x: &Array2<f64>) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|column| column.to_vec()).collect();
    let features: Vec<_> = columns.iter().map(|column| column[..].into()).collect();
    neighbors.predict(&features, x.nrows())
}

fn numbers(rows: usize, seed: u64) -> Array2<f64> {
    let mut random = Random::for_tree(seed, 0);
    Array2::from_shape_fn((rows, 3), |_| random.uniform())
}

fn values(rows: usize) -> Vec<f64> {
    (0..rows).map(|row| ((row * 37) % 101) as f64).collect()
}

#[test]
fn too_few_rows_that_count_are_refused() {
    let params = KNearestNeighbors::default();
    let weights = Some(vec![1.0, 1.0, 1.0, 1.0, 0.0]);
    let error = fit(&params, &numbers(5, 1), Target::Values(values(5)), weights).unwrap_err();
    assert!(matches!(error, LearnError::TooFewRows { rows: 4, needed: 5 }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Without ties in distance, that is.
    #[test]
    fn the_order_of_rows_and_the_scale_of_weights_do_not_matter(
        rows in 10usize..400, seed in 0u64..1_000, distance: bool, manhattan: bool,
    ) {
        let params = KNearestNeighbors {
            weights: if distance { Votes::Distance } else { Votes::Uniform },
            metric: if manhattan { Metric::Manhattan } else { Metric::Euclidean },
            ..KNearestNeighbors::default()
        };
        let (x, y) = (numbers(rows, seed), values(rows));
        let mut order: Vec<u32> = (0..rows as u32).collect();
        Random::for_tree(seed, 1).shuffle(&mut order);
        let order: Vec<usize> = order.into_iter().map(|row| row as usize).collect();
        let weights: Vec<f64> = (0..rows).map(|row| 1.0 + (row % 3) as f64).collect();
        let moved = |all: &[f64], by: f64| order.iter().map(|&row| all[row] * by).collect();
        let one = fit(&params, &x, Target::Values(y.clone()), Some(weights.clone())).unwrap();
        let two = fit(
            &params,
            &x.select(Axis(0), &order),
            Target::Values(moved(&y, 1.0)),
            Some(moved(&weights, 4.0)),
        ).unwrap();
        let queries = numbers(30, seed ^ 7);
        prop_assert_eq!(predict(&one, &queries), predict(&two, &queries));
    }

    /// Scaling by a power of two changes no digit.
    #[test]
    fn the_scale_of_all_features_does_not_matter(power in -10i32..10, seed in 0u64..1_000) {
        let params = KNearestNeighbors { weights: Votes::Distance, ..KNearestNeighbors::default() };
        let factor = libm::exp2(f64::from(power));
        let (x, y, queries) = (numbers(200, seed), values(200), numbers(30, seed ^ 7));
        let one = fit(&params, &x, Target::Values(y.clone()), None).unwrap();
        let two = fit(&params, &(&x * factor), Target::Values(y), None).unwrap();
        let scaled = predict(&two, &(&queries * factor));
        for (a, b) in predict(&one, &queries).iter().zip(scaled) {
            prop_assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()));
        }
    }
}

#[test]
fn votes_are_those_of_scikit_learn() {
    let all = figures();
    for case in all["neighbours"].as_array().unwrap() {
        let params = KNearestNeighbors {
            n_neighbors: serde_json::from_value(case["n_neighbors"].clone()).unwrap(),
            weights: serde_json::from_value(case["weights"].clone()).unwrap(),
            metric: serde_json::from_value(case["metric"].clone()).unwrap(),
        };
        let neighbors = fit(&params, &matrix(&all["x"], 3), target(&case["target"]), None).unwrap();
        assert_close(&predict(&neighbors, &matrix(&all["queries"], 3)), &case["outputs"], 1e-6);
    }
}
