use hedgerow_model::{Estimator, Factor, FeatureKind, NaiveBayes as Fit};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use super::{NaiveBayes, Priors};
use crate::figures::{assert_close, figures, matrix, target, weights};
use crate::fitting::{Input, Work};
use crate::forest::{Random, Target};
use crate::learner::Recipe;

/// A number and a category of 4, both with holes; three classes.
fn people(rows: usize, seed: u64) -> (Array2<f64>, Vec<u32>) {
    let mut random = Random::for_tree(seed, 0);
    let classes: Vec<u32> = (0..rows).map(|row| (row % 3) as u32).collect();
    let x = Array2::from_shape_fn((rows, 2), |(row, feature)| match (feature, random.below(9)) {
        (_, 0) => f64::NAN,
        (0, _) => random.uniform() + f64::from(classes[row]),
        (_, draw) => f64::from((draw + classes[row]) % 4),
    });
    (x, classes)
}

fn fit(params: &NaiveBayes, x: &Array2<f64>, classes: &[u32], weights: Option<Vec<f64>>) -> Fit {
    let work = Work {
        input: Input::Numbers(x.clone()),
        names: vec!["x".into(), "c".into()],
        kinds: vec![FeatureKind::Numeric, FeatureKind::Categorical { n: 4 }],
        target: Target::Classes { codes: classes.to_vec(), n: 3 },
        weights,
        seed: 1,
    };
    fit_work(params, work)
}

fn fit_work(params: &NaiveBayes, work: Work) -> Fit {
    let mut fitting = params.begin(work).unwrap();
    while !fitting.ended() {
        fitting.step(fitting.done()).unwrap();
    }
    match fitting.finish().unwrap().estimator {
        Estimator::Bayes(bayes) => bayes,
        other => unreachable!("{other:?}"),
    }
}

fn numbers(bayes: &Fit) -> Vec<f64> {
    let of = |factor: &Factor| match factor {
        Factor::Gaussian { means, variances } => [means.clone(), variances.clone()].concat(),
        Factor::Categorical { log_probabilities, .. } => log_probabilities.clone(),
    };
    bayes.log_priors.iter().copied().chain(bayes.factors.iter().flat_map(of)).collect()
}

fn assert_same(a: &Fit, b: &Fit) {
    assert!(a.check().is_ok() && b.check().is_ok());
    for (a, b) in numbers(a).iter().zip(numbers(b)) {
        assert!((a - b).abs() < 1e-10 * (1.0 + a.abs()), "{a} {b}");
    }
}

#[test]
fn frequencies_are_smoothed_and_missing_values_left_out() {
    let x = ndarray::array![[1.0, 0.0], [3.0, 0.0], [f64::NAN, 2.0], [5.0, f64::NAN]];
    let bayes = fit(&NaiveBayes::default(), &x, &[0, 0, 1, 2], None);
    let Factor::Gaussian { means, variances } = &bayes.factors[0] else { unreachable!() };
    // Class 1 has no number: it has the mean and the variance of all.
    assert_eq!(means, &[2.0, 3.0, 5.0]);
    let pooled = 8.0 / 3.0;
    let smoothing = 1e-9 * pooled;
    for (variance, right) in variances.iter().zip([1.0, pooled, 0.0]) {
        assert!((variance - right - smoothing).abs() < 1e-15);
    }
    let Factor::Categorical { log_probabilities, .. } = &bayes.factors[1] else { unreachable!() };
    assert_eq!(log_probabilities[0], libm::log(3.0 / 6.0));
    assert_eq!(
        log_probabilities[4..8],
        [1.0 / 5.0, 1.0 / 5.0, 2.0 / 5.0, 1.0 / 5.0].map(libm::log)
    );
    assert_eq!(log_probabilities[8], libm::log(1.0 / 4.0), "a class without any category");
    assert_eq!(bayes.log_priors[0], libm::log(0.5));
    let uniform = NaiveBayes { priors: Priors::Uniform, ..NaiveBayes::default() };
    assert_eq!(fit(&uniform, &x, &[0, 0, 1, 2], None).log_priors, [libm::log(1.0 / 3.0); 3]);
}

#[test]
fn a_constant_number_and_no_smoothing_do_no_harm() {
    let x = Array2::from_elem((6, 2), 2.0);
    let params = NaiveBayes { var_smoothing: 0.0, ..NaiveBayes::default() };
    let bayes = fit(&params, &x, &[0, 1, 2, 0, 1, 2], None);
    assert!(bayes.check().is_ok());
    let shares = bayes.predict(&[(&[2.0, 9.0][..]).into(), (&[2.0, 2.0][..]).into()], 2);
    assert!(shares.iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-12), "{shares:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_weight_is_so_many_repetitions(rows in 6usize..80, seed: u64) {
        let (x, classes) = people(rows, seed);
        let weights: Vec<f64> = (0..rows).map(|row| (row * 5 % 4) as f64).collect();
        prop_assume!((0..3).all(|class| (0..rows).any(|row| row % 3 == class && weights[row] > 0.0)));
        let repeated: Vec<usize> =
            (0..rows).flat_map(|row| vec![row; weights[row] as usize]).collect();
        let repeated_classes: Vec<u32> = repeated.iter().map(|&row| classes[row]).collect();
        let params = NaiveBayes::default();
        let one = fit(&params, &x, &classes, Some(weights));
        assert_same(&one, &fit(&params, &x.select(Axis(0), &repeated), &repeated_classes, None));
    }

    #[test]
    fn the_scale_of_a_number_does_not_matter(rows in 12usize..80, seed: u64, scale in 0.01..100.0f64) {
        let (x, classes) = people(rows, seed);
        let mut scaled = x.clone();
        scaled.column_mut(0).mapv_inplace(|value| value * scale);
        let predict = |x: &Array2<f64>| {
            let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|c| c.to_vec()).collect();
            let features: Vec<_> = columns.iter().map(|column| column[..].into()).collect();
            fit(&NaiveBayes::default(), x, &classes, None).predict(&features, rows)
        };
        for (a, b) in predict(&x).iter().zip(predict(&scaled)) {
            prop_assert!((a - b).abs() < 1e-6, "{} {}", a, b);
        }
    }
}

/// Probabilities of a fit on features that are all of one kind.
fn shares_of(
    params: &NaiveBayes,
    x: &Array2<f64>,
    queries: &Array2<f64>,
    kind: FeatureKind,
    case: &serde_json::Value,
) -> (Fit, Vec<f64>) {
    let work = Work {
        input: Input::Numbers(x.clone()),
        names: vec!["x".into(); x.ncols()],
        kinds: vec![kind; x.ncols()],
        target: target(&case["target"]),
        weights: weights(&case["sample_weight"]),
        seed: 1,
    };
    let bayes = fit_work(params, work);
    let columns: Vec<Vec<f64>> = queries.columns().into_iter().map(|c| c.to_vec()).collect();
    let features: Vec<_> = columns.iter().map(|column| column[..].into()).collect();
    let shares = bayes.predict(&features, queries.nrows());
    (bayes, shares)
}

#[test]
fn normal_distributions_are_those_of_scikit_learn() {
    let all = figures();
    let (x, queries) = (matrix(&all["x"], 3), matrix(&all["queries"], 3));
    for case in all["gaussian"].as_array().unwrap() {
        let params = NaiveBayes::default();
        let (bayes, shares) = shares_of(&params, &x, &queries, FeatureKind::Numeric, case);
        let part = |of: fn(&Factor) -> &[f64]| bayes.factors.iter().flat_map(of).copied().collect();
        let means: Vec<f64> = part(|factor| match factor {
            Factor::Gaussian { means, .. } => means,
            Factor::Categorical { .. } => &[],
        });
        let variances: Vec<f64> = part(|factor| match factor {
            Factor::Gaussian { variances, .. } => variances,
            Factor::Categorical { .. } => &[],
        });
        assert_close(&means, &case["means"], 1e-12);
        // With weights its smoothing is made of the variance without them.
        assert_close(&variances, &case["variances"], 1e-8);
        assert_close(&shares, &case["outputs"], 1e-7);
    }
}

#[test]
fn frequencies_are_those_of_scikit_learn() {
    let all = figures();
    let codes = matrix(&all["codes"], 2);
    for case in all["categorical"].as_array().unwrap() {
        let params = NaiveBayes { alpha: case["alpha"].as_f64().unwrap(), ..NaiveBayes::default() };
        let kind = FeatureKind::Categorical { n: 4 };
        let (_, shares) = shares_of(&params, &codes, &codes, kind, case);
        assert_close(&shares, &case["outputs"], 1e-12);
    }
}
