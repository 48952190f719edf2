//! Nearest neighbours and naive Bayes beside linfa's, on features as the preparation hands them out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hedgerow_learn::{KNearestNeighbors, Learner, NaiveBayes, Params};
use hedgerow_model::{Metric, Model, Prediction, Raw, Votes};
use linfa::Dataset;
use linfa::traits::{Fit, Predict};
use linfa_bayes::{GaussianNb, NaiveBayes as _};
use linfa_nn::distance::{Distance, L1Dist, L2Dist};
use linfa_nn::{CommonNearestNeighbour, NearestNeighbour};
use ndarray::{Array1, Array2, ArrayView1};
use proptest::prelude::*;

/// Rows to learn from, each with a number that decides the target, and rows to predict.
fn rows() -> impl Strategy<Value = (Array2<f64>, Array1<f64>, Array2<f64>)> {
    let cells = |rows| prop::collection::vec(-1.0..1.0f64, rows * 3);
    // Features in units far apart.
    let matrix = |cells: Vec<f64>| {
        let mut x = Array2::from_shape_vec((cells.len() / 3, 3), cells).unwrap();
        x.column_mut(1).mapv_inplace(|value| 7e5 + 1e3 * value);
        x.column_mut(2).mapv_inplace(|value| 0.01 * value);
        x
    };
    (30..300usize).prop_flat_map(move |rows| {
        let noise = prop::collection::vec(-1.0..1.0f64, rows);
        (cells(rows), noise, cells(20)).prop_map(move |(x, noise, queries)| {
            let x = matrix(x);
            let y = x.column(0).iter().zip(noise).map(|(a, noise)| 2.0 * a + noise).collect();
            (x, y, matrix(queries))
        })
    })
}

/// Of two classes and of three, of each some.
fn classes(y: &Array1<f64>, n: usize) -> Array1<usize> {
    let class = |value: f64| usize::from(value > 0.0) + usize::from(n == 3 && value > 1.0);
    y.iter().enumerate().map(|(row, &value)| if row < n { row } else { class(value) }).collect()
}

fn columns(x: &Array2<f64>) -> Vec<Vec<f64>> {
    x.columns().into_iter().map(|column| column.to_vec()).collect()
}

fn raw(columns: &[Vec<f64>]) -> Vec<Raw<'_>> {
    columns.iter().map(|column| Raw::Numbers(column)).collect()
}

fn predict(model: &Model, x: &Array2<f64>) -> Prediction {
    model.predict(&raw(&columns(x))).unwrap()
}

/// Standardised as the model does it.
fn prepared(model: &Model, x: &Array2<f64>) -> Array2<f64> {
    let columns = columns(x);
    let features = model.preparation.apply(&model.schema, &raw(&columns)).unwrap();
    Array2::from_shape_fn(x.dim(), |(row, feature)| features[feature][row])
}

/// The nearest rows and their distances. Neighbours are kept as `f32`.
struct Nearest {
    points: Array2<f64>,
    k: usize,
}

impl Nearest {
    fn of<D: Distance<f64> + Clone + 'static>(
        &self,
        query: ArrayView1<f64>,
        by: D,
        search: &CommonNearestNeighbour,
    ) -> Vec<(usize, f64)> {
        let index = search.from_batch(&self.points, by.clone()).unwrap();
        let found = index.k_nearest(query, self.k).unwrap();
        found.into_iter().map(|(point, row)| (row, by.distance(point, query))).collect()
    }
}

fn rounded(x: Array2<f64>) -> Array2<f64> {
    x.mapv(|value| f64::from(value as f32))
}

/// What linfa's neighbours say: `of` are what each row has for each output.
fn votes(
    model: &Model,
    params: &KNearestNeighbors,
    search: &CommonNearestNeighbour,
    [x, queries]: [&Array2<f64>; 2],
    of: &[Vec<f64>],
) -> Vec<f64> {
    let nearest = Nearest { points: rounded(prepared(model, x)), k: params.n_neighbors as usize };
    let mut all = Vec::new();
    for query in rounded(prepared(model, queries)).rows() {
        let found = match params.metric {
            Metric::Euclidean => nearest.of(query, L2Dist, search),
            Metric::Manhattan => nearest.of(query, L1Dist, search),
        };
        let weight = |distance: f64| match params.weights {
            Votes::Uniform => 1.0,
            Votes::Distance => 1.0 / distance,
        };
        let total: f64 = found.iter().map(|&(_, distance)| weight(distance)).sum();
        let mean = |output: usize| {
            let sum: f64 = found.iter().map(|&(row, far)| weight(far) * of[row][output]).sum();
            sum / total
        };
        all.extend((0..of[0].len()).map(mean));
    }
    all
}

fn assert_close(ours: &[f64], theirs: &[f64], tolerance: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        prop_assert!((ours - theirs).abs() < tolerance, "{ours} beside {theirs}");
    }
    Ok(())
}

const SEARCHES: [CommonNearestNeighbour; 3] = [
    CommonNearestNeighbour::LinearSearch,
    CommonNearestNeighbour::KdTree,
    CommonNearestNeighbour::BallTree,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn neighbours_are_those_of_linfa(
        (x, y, queries) in rows(), n_neighbors in 1..30u32, by_distance: bool, manhattan: bool,
    ) {
        let params = KNearestNeighbors {
            n_neighbors,
            weights: if by_distance { Votes::Distance } else { Votes::Uniform },
            metric: if manhattan { Metric::Manhattan } else { Metric::Euclidean },
        };
        let learner = Params::new(params.clone(), 1);
        let numbers: Vec<Vec<f64>> = y.iter().map(|&value| vec![value]).collect();
        let fitted = learner.fit(&Dataset::new(x.clone(), y.clone())).unwrap();
        let ours = predict(fitted.model(), &queries).values;
        for search in &SEARCHES {
            let theirs = votes(fitted.model(), &params, search, [&x, &queries], &numbers);
            assert_close(&ours, &theirs, 1e-5)?;
        }
        let codes = classes(&y, 3);
        let one = |code: &usize| (0..3).map(|class| f64::from(u8::from(class == *code))).collect();
        let shares: Vec<Vec<f64>> = codes.iter().map(one).collect();
        let fitted = learner.fit(&Dataset::new(x.clone(), codes)).unwrap();
        let ours = predict(fitted.model(), &queries).values;
        for search in &SEARCHES {
            let theirs = votes(fitted.model(), &params, search, [&x, &queries], &shares);
            assert_close(&ours, &theirs, 1e-5)?;
        }
    }

    #[test]
    fn naive_bayes_is_that_of_linfa(
        (x, y, queries) in rows(), n in 2..4usize, smoothing in 1e-9..0.1f64,
    ) {
        let learner = NaiveBayes { var_smoothing: smoothing, ..NaiveBayes::default() };
        let codes = classes(&y, n);
        let data = Dataset::new(x.clone(), codes.clone());
        let fitted = Params::new(Learner::from(learner), 1).fit(&data).unwrap();
        let model = fitted.model();
        let scaled = Dataset::new(prepared(model, &x), codes);
        let linfa = GaussianNb::params().var_smoothing(smoothing).fit(&scaled).unwrap();
        let theirs = prepared(model, &queries);
        let (shares, labels) = linfa.predict_proba(theirs.view());
        prop_assert!(labels.into_iter().copied().eq(0..n));
        let shares: Vec<f64> = shares.iter().copied().collect();
        assert_close(&predict(model, &queries).values, &shares, 1e-7)?;
        let found: Array1<usize> = fitted.predict(&queries);
        prop_assert_eq!(found, linfa.predict(&theirs));
    }
}
