use hedgerow_model::{Activation, Estimator, Link, Mlp as Network};
use ndarray::Array2;
use proptest::prelude::*;
use serde_json::Value;

use super::Mlp;
use super::examples::Examples;
use super::pass::{Pass, zeros};
use super::trainer::Trainer;
use crate::LearnError;
use crate::figures::{assert_close, figures, matrix, target, weights};
use crate::fitting::{Input, Work};
use crate::forest::{Random, Target};
use crate::learner::Recipe;

/// Rows of three numbers, each even within ±2.
fn numbers(rows: usize, seed: u64) -> Array2<f64> {
    let mut random = Random::for_tree(seed, 0);
    Array2::from_shape_fn((rows, 3), |_| random.uniform() * 4.0 - 2.0)
}

/// Two classes that no line divides: inside and outside of a ring.
fn ring(rows: usize) -> (Array2<f64>, Target) {
    let x = numbers(rows, 5);
    let inside = |row: ndarray::ArrayView1<f64>| row[0] * row[0] + row[1] * row[1] < 2.0;
    let codes = x.rows().into_iter().map(|row| u32::from(inside(row))).collect();
    (x, Target::Classes { codes, n: 2 })
}

/// A number that no plane fits.
fn waves(rows: usize) -> (Array2<f64>, Target) {
    let x = numbers(rows, 6);
    let value = |row: ndarray::ArrayView1<f64>| 1e4 + 50.0 * (row[0].abs() - row[1] * row[2]);
    let values = x.rows().into_iter().map(value).collect();
    (x, Target::Values(values))
}

fn small() -> Mlp {
    Mlp { hidden_layer_sizes: vec![16], max_iter: 60, learning_rate: 0.01, ..Mlp::default() }
}

fn train(
    params: Mlp,
    (x, target): (Array2<f64>, Target),
    weights: Option<&[f64]>,
    seed: u64,
) -> Result<(Network, Vec<f64>, Vec<f64>), LearnError> {
    let examples = Examples::new(x, target, weights);
    let mut trainer = Trainer::new(params, examples, seed)?;
    while !trainer.ended() {
        trainer.step()?;
    }
    Ok(trainer.finish())
}

fn predict(network: &Network, x: &Array2<f64>) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|column| column.to_vec()).collect();
    let features: Vec<_> = columns.iter().map(|column| column[..].into()).collect();
    network.predict(&features, x.nrows())
}

fn accuracy(network: &Network, (x, target): &(Array2<f64>, Target)) -> f64 {
    let Target::Classes { codes, .. } = target else { unreachable!("classes") };
    let shares = predict(network, x);
    let right = |(pair, &code): (&[f64], &u32)| pair[code as usize] > 0.5;
    shares.chunks_exact(2).zip(codes).filter(|&pair| right(pair)).count() as f64
        / codes.len() as f64
}

/// Compares the gradient by every weight with the slope of the loss around it.
fn check_gradients(target: Target, activation: Activation, weights: Option<&[f64]>, step: f32) {
    let examples = Examples::new(numbers(target.len(), 7), target, weights);
    let params = Mlp { hidden_layer_sizes: vec![5, 4], activation, ..Mlp::default() };
    let Trainer { network, examples, .. } = Trainer::new(params, examples, 3).unwrap();
    let rows: Vec<u32> = (0..examples.rows() as u32).collect();
    let mut pass = Pass::new(&network, rows.len(), false);
    pass.learn(&network, &examples, &rows, None);
    let gradients = std::mem::replace(&mut pass.gradients, zeros(&network));
    for (index, gradient) in gradients.iter().enumerate() {
        let all = gradient.weights.iter().chain(&gradient.biases);
        for (at, &gradient) in all.enumerate() {
            let mut loss_at = |distance: f32| {
                let mut moved = network.clone();
                let layer = &mut moved.layers[index];
                let values = layer.weights.iter_mut().chain(&mut layer.biases);
                values.skip(at).take(1).for_each(|value| *value += distance);
                pass.learn(&moved, &examples, &rows, None)
            };
            // Exact to the fourth order (Abramowitz & Stegun 25.3.6): the step may be large.
            let near = loss_at(step) - loss_at(-step);
            let far = loss_at(2.0 * step) - loss_at(-2.0 * step);
            let slope = (8.0 * near - far) / (12.0 * f64::from(step));
            let error = (slope - f64::from(gradient)).abs();
            assert!(error < 2e-3 * (1.0 + slope.abs()), "{index} {at}: {slope} {gradient}");
        }
    }
}

#[test]
fn gradients_are_the_slopes_of_the_loss() {
    let two = || Target::Classes { codes: vec![0, 1, 1, 0, 1, 0, 0], n: 2 };
    let four = || Target::Classes { codes: vec![0, 3, 1, 2, 1, 0, 3], n: 4 };
    let values = || Target::Values(vec![3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0]);
    let weights = [1.0, 0.0, 2.0, 0.5, 1.0, 3.0, 1.0];
    for target in [two, four, values] as [fn() -> Target; 3] {
        check_gradients(target(), Activation::Tanh, None, 2e-2);
        check_gradients(target(), Activation::Tanh, Some(&weights), 2e-2);
        check_gradients(target(), Activation::Relu, None, 2e-3);
    }
}

#[test]
fn what_no_line_divides_is_learned() {
    for activation in [Activation::Relu, Activation::Tanh] {
        let params = Mlp { activation, ..small() };
        let (network, losses, _) = train(params, ring(1_000), None, 1).unwrap();
        assert!(losses[0] > 2.0 * losses[losses.len() - 1], "{losses:?}");
        let accuracy = accuracy(&network, &ring(1_000));
        assert!(accuracy > 0.97, "{activation:?}: {accuracy}");
    }
}

#[test]
fn numbers_far_from_zero_are_learned() {
    let (x, target) = waves(1_000);
    let Target::Values(values) = target.clone() else { unreachable!("numbers") };
    let (network, ..) = train(small(), (x.clone(), target), None, 1).unwrap();
    let mean = values.iter().sum::<f64>() / 1e3;
    let squares = |of: &dyn Fn(usize) -> f64| (0..1_000).map(|row| of(row) * of(row)).sum::<f64>();
    let predicted = predict(&network, &x);
    let left = squares(&|row| values[row] - predicted[row]) / squares(&|row| values[row] - mean);
    assert!(left < 0.05, "{left}");
}

#[test]
fn the_same_seed_gives_the_same_network_and_another_another() {
    let params = Mlp { dropout: 0.2, early_stopping: true, max_iter: 5, ..small() };
    let fit = |seed| train(params.clone(), ring(700), None, seed).unwrap();
    assert_eq!(fit(4), fit(4));
    assert_ne!(fit(4), fit(5));
}

#[test]
fn a_large_batch_sums_up_over_passes() {
    // One step an epoch on all rows: the order of the rows hardly matters.
    let params = Mlp { batch_size: Some(1_000), max_iter: 30, ..small() };
    let (_, losses, _) = train(params.clone(), ring(1_000), None, 1).unwrap();
    assert!(losses.windows(2).all(|pair| pair[1] < pair[0]), "{losses:?}");
    let whole = Mlp { batch_size: None, ..params };
    assert_eq!(whole.batch(1_000), 200);
    assert_eq!(whole.batch(3), 3);
}

#[test]
fn rows_kept_aside_end_the_fit_and_choose_the_epoch() {
    let params = Mlp { early_stopping: true, max_iter: 500, ..small() };
    let (network, losses, scores) = train(params, ring(1_000), None, 2).unwrap();
    assert!(scores.len() == losses.len() && losses.len() < 500, "{}", losses.len());
    let best = scores.iter().copied().fold(0.0, f64::max);
    assert!(best > 0.9 && accuracy(&network, &ring(1_000)) > best - 0.05);
    let (_, _, scores) =
        train(Mlp { early_stopping: true, ..small() }, waves(600), None, 2).unwrap();
    assert!(scores[0] < scores[scores.len() - 1] && *scores.last().unwrap() > 0.8, "{scores:?}");
}

#[test]
fn the_fit_ends_when_the_loss_stands_still() {
    let params = Mlp { max_iter: 1_000, tol: 0.5, n_iter_no_change: 4, ..small() };
    let (_, losses, _) = train(params, ring(300), None, 1).unwrap();
    assert!(losses.len() < 20, "{}", losses.len());
}

#[test]
fn dropout_and_weight_decay_hold_the_weights_back() {
    let size = |params| {
        let (network, ..) = train(params, ring(500), None, 1).unwrap();
        let weights = network.layers.iter().flat_map(|layer| &layer.weights);
        weights.map(|weight| f64::from(weight * weight)).sum::<f64>()
    };
    assert!(size(Mlp { alpha: 10.0, ..small() }) < 0.5 * size(small()));
    let dropped = Mlp { dropout: 0.3, ..small() };
    let (network, ..) = train(dropped, ring(1_000), None, 1).unwrap();
    assert!(accuracy(&network, &ring(1_000)) > 0.9);
}

#[test]
fn a_fit_that_runs_away_says_so() {
    let params = Mlp { learning_rate: 1.0, hidden_layer_sizes: vec![64; 8], ..small() };
    let (x, target) = waves(300);
    let error = train(params, (x * 1e12, target), None, 1).unwrap_err();
    assert!(matches!(error, LearnError::Diverged { .. }), "{error}");
}

#[test]
fn networks_beyond_the_limit_are_refused_by_name() {
    let params = Mlp { hidden_layer_sizes: vec![4_096; 3], ..Mlp::default() };
    let error = train(params, ring(10), None, 1).unwrap_err().to_string();
    assert!(error.contains("hidden_layer_sizes") && error.contains("4000000"), "{error}");
    let kept = Mlp { early_stopping: true, validation_fraction: 0.01, ..small() };
    let error = train(kept, ring(10), None, 1).unwrap_err();
    assert!(matches!(error, LearnError::TooFewRows { rows: 10, needed: 100 }), "{error}");
}

#[test]
fn a_fit_reports_each_epoch_and_ends_with_its_history() {
    let (x, target) = ring(5_000);
    let work = Work {
        input: Input::Numbers(x),
        names: vec!["a".into(), "b".into(), "c".into()],
        kinds: vec![hedgerow_model::FeatureKind::Numeric; 3],
        target,
        weights: None,
        seed: 1,
    };
    let params = Mlp { max_iter: 3, early_stopping: true, ..Mlp::default() };
    let mut fitting = params.begin(work).unwrap();
    assert!(fitting.score().is_none());
    let total = fitting.total();
    while !fitting.ended() {
        fitting.step(fitting.done()).unwrap();
    }
    assert_eq!(fitting.done(), total);
    assert_eq!(fitting.score().unwrap().name, "validation_accuracy");
    let fitted = fitting.finish().unwrap();
    assert_eq!(fitted.history["training_loss"].len(), 3);
    assert_eq!(fitted.history["validation_accuracy"].len(), 3);
    assert_eq!(fitted.metrics["epochs"], 3.0);
    let Estimator::Mlp(network) = fitted.estimator else { unreachable!("a network") };
    assert!(network.check().is_ok() && network.link == Link::Logistic);
}

#[test]
fn steps_and_predictions_are_those_of_scikit_learn() {
    let all = figures();
    let x = matrix(&all["x"], 3);
    for network in all["networks"].as_array().unwrap() {
        let params = Mlp {
            hidden_layer_sizes: vec![5, 4],
            activation: serde_json::from_value(network["activation"].clone()).unwrap(),
            alpha: network["alpha"].as_f64().unwrap(),
            learning_rate: 0.01,
            batch_size: Some(40),
            max_iter: 6,
            ..Mlp::default()
        };
        let weights = weights(&network["sample_weight"]);
        let examples = Examples::new(x.clone(), target(&network["target"]), weights.as_deref());
        let mut trainer = Trainer::new(params, examples, 1).unwrap();
        let f32s =
            |value: &Value| crate::figures::numbers(value).iter().map(|&x| x as f32).collect();
        for (layer, start) in
            trainer.network.layers.iter_mut().zip(network["start"].as_array().unwrap())
        {
            layer.weights = f32s(&start["weights"]);
            layer.biases = f32s(&start["biases"]);
        }
        while !trainer.ended() {
            trainer.step().unwrap();
        }
        let (ours, losses, _) = trainer.finish();
        assert_close(&losses, &network["losses"], 1e-6);
        for (layer, end) in ours.layers.iter().zip(network["end"].as_array().unwrap()) {
            let f64s = |values: &[f32]| values.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            assert_close(&f64s(&layer.weights), &end["weights"], 2e-5);
            assert_close(&f64s(&layer.biases), &end["biases"], 2e-5);
        }
        let outputs = predict(&ours, &x);
        assert_close(&outputs, &network["outputs"], 1e-5);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn only_the_ratios_of_weights_count(scale in 0.01..100.0f64, seed in 0u64..100) {
        let weights: Vec<f64> = (0..200).map(|row| f64::from(row % 3)).collect();
        let scaled: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        let params = Mlp { max_iter: 3, ..small() };
        let (one, ..) = train(params.clone(), ring(200), Some(&weights), seed).unwrap();
        let (two, ..) = train(params, ring(200), Some(&scaled), seed).unwrap();
        let (x, _) = ring(200);
        for (a, b) in predict(&one, &x).iter().zip(predict(&two, &x)) {
            prop_assert!((a - b).abs() < 1e-3);
        }
    }

    #[test]
    fn rows_without_weight_are_not_learned(seed in 0u64..100) {
        let (x, target) = ring(300);
        let Target::Classes { codes, .. } = target else { unreachable!("classes") };
        let weights: Vec<f64> = (0..300).map(|row| f64::from(u8::from(row % 2 == 0))).collect();
        let turned = codes.iter().enumerate().map(|(row, code)| if row % 2 == 1 { 1 - code } else { *code });
        let turned = Target::Classes { codes: turned.collect(), n: 2 };
        let same = Target::Classes { codes, n: 2 };
        let params = Mlp { max_iter: 3, ..small() };
        let (one, ..) = train(params.clone(), (x.clone(), same), Some(&weights), seed).unwrap();
        let (two, ..) = train(params, (x, turned), Some(&weights), seed).unwrap();
        prop_assert_eq!(one, two);
    }
}
