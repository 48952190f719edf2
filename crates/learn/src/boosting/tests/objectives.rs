//! What each objective predicts.

use super::super::Objective;
use super::*;

fn with(objective: Objective) -> GradientBoosting {
    GradientBoosting { objective, n_estimators: 60, ..small() }
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    values.sum::<f64>() / count as f64
}

#[test]
fn a_quantile_has_its_part_of_the_rows_below() {
    let data = mixed(2_000, 1);
    for alpha in [0.1, 0.5, 0.9] {
        let outputs = data.fit_predict(&GradientBoosting { alpha, ..with(Objective::Quantile) });
        let below = outputs.iter().zip(numbers(&data)).filter(|(output, y)| y < output).count();
        let part = below as f64 / 2_000.0;
        assert!((part - alpha).abs() < 0.04, "{alpha}: {part}");
    }
}

#[test]
fn the_absolute_error_ignores_outliers_and_is_the_middle_quantile() {
    let mut data = mixed(1_000, 2);
    let truth = numbers(&data).to_vec();
    let Target::Values(values) = &mut data.target else { return };
    values.iter_mut().step_by(25).for_each(|value| *value += 1e6);
    let error = |objective| {
        let outputs = data.fit_predict(&with(objective));
        mean(outputs.iter().zip(&truth).map(|(output, y)| (output - y).abs()), 1_000)
    };
    assert!(error(Objective::AbsoluteError) < 1.0, "{}", error(Objective::AbsoluteError));
    assert!(error(Objective::SquaredError) > 1_000.0);
    let [absolute, quantile] = [Objective::AbsoluteError, Objective::Quantile]
        .map(|objective| data.fit_predict(&with(objective)));
    let distance = mean(absolute.iter().zip(&quantile).map(|(a, b)| (a - b).abs()), 1_000);
    assert!(distance < 0.5, "{distance}");
}

#[test]
fn poisson_predicts_positive_means_that_add_up() {
    let mut data = mixed(2_000, 3);
    let Target::Values(values) = &mut data.target else { return };
    values.iter_mut().for_each(|value| *value = (*value / 3.0).floor());
    let outputs = data.fit_predict(&with(Objective::Poisson));
    assert!(outputs.iter().all(|&output| output > 0.0));
    let truth = numbers(&data);
    let [predicted, actual] = [&outputs[..], truth].map(|all| mean(all.iter().copied(), 2_000));
    assert!((predicted / actual - 1.0).abs() < 0.02, "{predicted} {actual}");
    let error = mean(outputs.iter().zip(truth).map(|(a, b)| (a - b) * (a - b)), 2_000);
    let spread = mean(truth.iter().map(|b| (b - actual) * (b - actual)), 2_000);
    assert!(error < 0.3 * spread, "{error} {spread}");
}

#[test]
fn one_score_and_two_say_nearly_the_same_of_two_classes() {
    let data = classes(mixed(1_500, 4), &[7.0]);
    let [one, two] = [Objective::Logistic, Objective::Softmax]
        .map(|objective| data.fit_predict(&with(objective)));
    let distance = mean(one.iter().zip(&two).map(|(a, b)| (a - b).abs()), one.len());
    assert!(distance < 0.05, "{distance}");
}

#[test]
fn the_names_of_classes_do_not_matter() {
    let data = classes(mixed(900, 5), &[5.0, 9.0]);
    let mut turned = data.clone();
    let Target::Classes { codes, .. } = &mut turned.target else { return };
    codes.iter_mut().for_each(|code| *code = (*code + 1) % 3);
    let (straight, turned) = (data.fit_predict(&small()), turned.fit_predict(&small()));
    for (a, b) in straight.chunks(3).zip(turned.chunks(3)) {
        for class in 0..3 {
            assert!((a[class] - b[(class + 1) % 3]).abs() < 1e-9);
        }
    }
}

#[test]
fn the_unit_of_the_target_does_not_matter() {
    let data = mixed(600, 6);
    let plain = data.fit_predict(&small());
    for factor in [1e-200, 1e200] {
        let mut scaled = data.clone();
        let Target::Values(values) = &mut scaled.target else { return };
        values.iter_mut().for_each(|value| *value *= factor);
        for (a, b) in plain.iter().zip(scaled.fit_predict(&small())) {
            assert!((a - b / factor).abs() < 1e-6 * a.abs().max(1.0), "{a} {b}");
        }
    }
}

#[test]
fn objectives_and_constraints_that_do_not_fit_are_named() {
    let number = mixed(50, 7);
    let class = classes(number.clone(), &[5.0, 8.0]);
    let refused = |data: &Data, params: GradientBoosting| match data.begin(&params) {
        Err(LearnError::BadParameter { name, .. }) => name,
        Err(other) => panic!("{other}"),
        Ok(_) => "",
    };
    assert_eq!(refused(&number, with(Objective::Softmax)), "objective");
    assert_eq!(refused(&class, with(Objective::Logistic)), "objective");
    assert_eq!(refused(&class, with(Objective::Poisson)), "objective");
    let mut negative = number.clone();
    let Target::Values(values) = &mut negative.target else { return };
    values[3] = -1.0;
    assert_eq!(refused(&negative, with(Objective::Poisson)), "objective");
    let constrained = |name: &str, order, objective| GradientBoosting {
        monotone_constraints: [(name.to_owned(), order)].into_iter().collect(),
        ..with(objective)
    };
    for (name, order, objective) in [
        ("z", 1, Objective::Auto),
        ("c", 1, Objective::Auto),
        ("a", 2, Objective::Auto),
        ("a", 1, Objective::Quantile),
    ] {
        let params = constrained(name, order, objective);
        assert_eq!(refused(&number, params), "monotone_constraints", "{name} {order}");
    }
    assert_eq!(refused(&number, constrained("a", 1, Objective::Auto)), "");
    assert_eq!(
        refused(&number, GradientBoosting { learning_rate: 0.0, ..small() }),
        "learning_rate"
    );
    assert_eq!(refused(&number, GradientBoosting { num_leaves: 1, ..small() }), "num_leaves");
}

#[test]
fn penalties_and_limits_are_kept() {
    let data = mixed(500, 8);
    let range = |params: GradientBoosting| {
        let trees = data.fit(&params).trees;
        trees.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
    };
    let free = range(small());
    assert!(range(GradientBoosting { reg_lambda: 500.0, ..small() }) < 0.7 * free);
    assert!(range(GradientBoosting { reg_alpha: 100.0, ..small() }) < 0.9 * free);
    let nodes = |params: GradientBoosting| data.fit(&params).trees.feature.len();
    assert_eq!(nodes(GradientBoosting { max_depth: Some(1), ..small() }), 20 * 3);
    assert_eq!(nodes(GradientBoosting { min_split_gain: 1e12, ..small() }), 1);
    assert_eq!(nodes(GradientBoosting { min_child_weight: 1e12, ..small() }), 1);
}
