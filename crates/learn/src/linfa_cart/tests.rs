use hedgerow_model::Estimator;
use linfa::Dataset;
use linfa::traits::{Fit, Predict};
use linfa_trees::DecisionTree;
use ndarray::{Array1, Array2};
use proptest::prelude::*;

use super::LinfaCart;
use crate::LearnError;
use crate::fitting::{Fitted, Input, Work};
use crate::forest::Target;
use crate::learner::Recipe;

fn work(x: Array2<f64>, classes: &[u32], weights: Option<Vec<f64>>) -> Work {
    let n = classes.iter().max().map_or(0, |&most| most as usize + 1);
    Work {
        names: (0..x.ncols()).map(|index| format!("x{index}")).collect(),
        kinds: vec![hedgerow_model::FeatureKind::Numeric; x.ncols()],
        input: Input::Numbers(x),
        target: Target::Classes { codes: classes.to_vec(), n },
        weights,
        seed: 1,
    }
}

fn fit(params: &LinfaCart, work: Work) -> Result<Fitted, LearnError> {
    let mut fitting = params.begin(work)?;
    fitting.step(0)?;
    fitting.finish()
}

fn predict(fitted: &Fitted, x: &Array2<f64>) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|column| column.to_vec()).collect();
    let columns: Vec<_> = columns.iter().map(|column| column.as_slice().into()).collect();
    fitted.estimator.predict(&columns, x.nrows())
}

fn classes(shares: &[f64], n: usize) -> Vec<usize> {
    let most = |row: &[f64]| (0..n).fold(0, |best, at| if row[at] > row[best] { at } else { best });
    shares.chunks(n).map(most).collect()
}

#[test]
fn where_linfa_is_right_it_is_followed() {
    // No value stands on a threshold, no class is as frequent as another in a leaf.
    let cell = |(row, column): (usize, usize)| (row * (17 + 6 * column) % 101) as f64 + 0.25;
    let x = Array2::from_shape_fn((300, 3), cell);
    let truth: Vec<u32> = x
        .rows()
        .into_iter()
        .map(|row| u32::from(row[0] > 50.0) + u32::from(row[1] > 70.0))
        .collect();
    let targets: Array1<usize> = truth.iter().map(|&class| class as usize).collect();
    let theirs = DecisionTree::params().max_depth(Some(10)).fit(&Dataset::new(x.clone(), targets));
    let theirs = theirs.unwrap().predict(&x).to_vec();
    let ours = fit(&LinfaCart::default(), work(x.clone(), &truth, None)).unwrap();
    assert_eq!(classes(&predict(&ours, &x), 3), theirs);
}

#[test]
fn whole_numbers_on_a_threshold_and_close_neighbours_are_told_apart() {
    for scale in [1.0, 1e-9, 1e307] {
        // linfa's threshold is 1, where it fits with <= and predicts with <.
        let x = Array2::from_shape_fn((30, 1), |(row, _)| (row % 3) as f64 * scale);
        let truth: Vec<u32> = (0..30).map(|row| u32::from(row % 3 == 1)).collect();
        let fitted = fit(&LinfaCart::default(), work(x.clone(), &truth, None)).unwrap();
        let found = classes(&predict(&fitted, &x), 2);
        assert!(found.iter().zip(&truth).all(|(&ours, &truth)| ours == truth as usize), "{scale}");
    }
}

#[test]
fn too_many_rows_or_classes_are_refused() {
    let cases = [
        work(Array2::zeros((50_001, 1)), &vec![0; 50_001], None),
        work(Array2::zeros((10_000, 101)), &vec![0; 10_000], None),
        work(Array2::zeros((29, 1)), &(0..29).collect::<Vec<_>>(), None),
    ];
    for work in cases {
        assert!(matches!(fit(&LinfaCart::default(), work), Err(LearnError::TooLarge { .. })));
    }
}

fn table() -> impl Strategy<Value = (Array2<f64>, Vec<u32>, Vec<u8>)> {
    (4..60usize, 2..6u32).prop_flat_map(|(rows, n)| {
        let cells =
            prop::collection::vec(prop::sample::select(vec![0.0, 1.0, 2.5, -3.0]), rows * 4);
        let weights = prop::collection::vec(1..4u8, rows);
        (cells, prop::collection::vec(0..n, rows), weights).prop_map(
            move |(cells, codes, weights)| {
                (Array2::from_shape_vec((rows, 4), cells).unwrap(), codes, weights)
            },
        )
    })
}

proptest! {
    #[test]
    fn fits_are_the_same_to_the_bit_though_ties_are_many((x, codes, weights) in table()) {
        let weights: Vec<f64> = weights.iter().map(|&weight| f64::from(weight) / 3.0).collect();
        let again = || fit(&LinfaCart::default(), work(x.clone(), &codes, Some(weights.clone())));
        let first = again().unwrap();
        let Estimator::Trees(trees) = &first.estimator else { unreachable!("it is a tree") };
        prop_assert_eq!(trees.check(), Ok(()));
        for _ in 0..4 {
            prop_assert_eq!(&again().unwrap(), &first);
        }
    }

    #[test]
    fn weights_are_as_good_as_repetition((x, codes, weights) in table()) {
        let times = |row: usize| std::iter::repeat_n(row, usize::from(weights[row]));
        let repeated: Vec<usize> = (0..codes.len()).flat_map(times).collect();
        let x_repeated = x.select(ndarray::Axis(0), &repeated);
        let codes_repeated: Vec<u32> = repeated.iter().map(|&row| codes[row]).collect();
        let params = LinfaCart { min_weight_leaf: 3.0, ..LinfaCart::default() };
        let many = fit(&params, work(x_repeated, &codes_repeated, None)).unwrap();
        let weights = weights.iter().map(|&weight| f64::from(weight)).collect();
        // Both count the same classes.
        let weighted = fit(&params, work(x.clone(), &codes, Some(weights))).unwrap();
        prop_assert_eq!(predict(&weighted, &x), predict(&many, &x));
    }
}
