//! Rows that are hard to learn from.

use super::*;

fn all_learners() -> Vec<Learner> {
    vec![
        LinearRegression::default().into(),
        Ridge::default().into(),
        ElasticNet { alpha: 0.01, ..ElasticNet::default() }.into(),
        LogisticRegression::default().into(),
    ]
}

fn rows_for(learner: &Learner, x: Vec<Vec<f64>>, y: &[f64]) -> Rows {
    if learner.kind() == "logistic-regression" {
        let codes = y.iter().map(|&y| u32::from(y > 0.0)).collect();
        return Rows::classes(x, codes, 2);
    }
    Rows::numbers(x, y.to_vec())
}

#[test]
fn features_that_others_determine_get_no_coefficient() {
    let noise = |row: usize| ((row * 13) % 7) as f64 / 10.0;
    // The second is twice the first, the fourth constant, the fifth the sum of first and third.
    let x: Vec<Vec<f64>> = (0..40)
        .map(|row| (row as f64, ((row * 7) % 11) as f64))
        .map(|(a, b)| vec![a, 2.0 * a, b, 3.5, a + b])
        .collect();
    let y = x.iter().enumerate().map(|(at, x)| 1.0 + 3.0 * x[0] - x[2] + noise(at)).collect();
    let rows = Rows::numbers(x, y);
    let all = linear(LinearRegression::default(), &rows);
    let kept = Rows { x: rows.x.iter().map(|x| vec![x[0], x[2]]).collect(), ..rows };
    let few = linear(LinearRegression::default(), &kept);
    let [a, b] = few.coefficients[..] else { panic!("{few:?}") };
    assert_close(&all.coefficients, &[a, 0.0, b, 0.0, 0.0], 1e-10);
    let [i, a, b] = few.std_errors[..] else { panic!("{few:?}") };
    assert_close(&all.std_errors, &[i, a, 0.0, b, 0.0, 0.0], 1e-10);
}

#[test]
fn constant_features_and_few_rows_are_learned_from() {
    for learner in all_learners() {
        let x = vec![vec![1.0, 0.0, 5.0, 2.0], vec![2.0, 0.0, 5.0, 1.0], vec![4.0, 0.0, 5.0, 9.0]];
        let found = linear(learner.clone(), &rows_for(&learner, x, &[-1.0, 1.0, 2.0]));
        assert_close(&found.coefficients[1..3], &[0.0, 0.0], 1e-12);
        assert!(found.std_errors.is_empty(), "there are more coefficients than rows");
        let constant = vec![vec![0.0]; 4];
        let found = linear(learner.clone(), &rows_for(&learner, constant, &[1.0, -1.0, 1.0, -1.0]));
        assert_close(&found.coefficients, &[0.0], 1e-12);
        assert_close(&found.intercepts, &[0.0], 1e-9);
    }
}

#[test]
fn huge_and_tiny_scales_are_learned_from_or_refused() {
    for learner in all_learners() {
        for (scale, unit) in
            [(1e300, 1.0), (1e-300, 1.0), (1.0, 1e300), (1.0, 1e-300), (1e-300, 1e300)]
        {
            let x = (0..30).map(|row| vec![scale * row as f64, scale * ((row * 7) % 5) as f64]);
            let y: Vec<f64> = (0..30).map(|row| unit * (row as f64 - 15.5)).collect();
            let rows = rows_for(&learner, x.collect(), &y);
            match fit(learner.clone(), &rows) {
                Ok(fitted) => fitted.estimator.check().unwrap(),
                Err(error) => assert!(matches!(error, LearnError::Overflow { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn classes_that_can_be_told_apart_end_with_little_penalty() {
    let x: Vec<Vec<f64>> = (0..50).map(|row| vec![row as f64 / 25.0 - 1.0]).collect();
    let two = Rows::classes(x.clone(), (0..50).map(|row| u32::from(row >= 25)).collect(), 2);
    let three = Rows::classes(x, (0..50).map(|row| row / 17).collect(), 3);
    for rows in [two, three] {
        let learner = LogisticRegression { c: 1e300, tol: 1e-14, ..LogisticRegression::default() };
        let fitted = fit(learner, &rows).unwrap();
        assert!(fitted.metrics["n_iter"] <= 100.0);
        assert!(*fitted.history["training_loss"].last().unwrap() < 0.05);
        let learner = LogisticRegression { c: 1e300, max_iter: 3, ..LogisticRegression::default() };
        let fitted = fit(learner, &rows).unwrap();
        assert_eq!((fitted.metrics["converged"], fitted.metrics["n_iter"]), (0.0, 3.0));
    }
}

#[test]
fn a_thousand_classes_of_a_row_each_are_learned() {
    let x: Vec<Vec<f64>> = (0..1_000)
        .map(|row| vec![(row % 10) as f64, (row / 10 % 10) as f64, (row / 100) as f64])
        .collect();
    let rows = Rows::classes(x, (0..1_000).collect(), 1_000);
    let learner = LogisticRegression { c: 100.0, max_iter: 20, ..LogisticRegression::default() };
    let fitted = fit(learner, &rows).unwrap();
    let losses = &fitted.history["training_loss"];
    assert!((losses[0] - libm::log(1e3)).abs() < 1e-6);
    assert!(losses.is_sorted_by(|before, after| before >= after));
    assert!(losses.last().unwrap() < &4.0, "{losses:?}");
}

#[test]
fn a_class_without_weight_is_given_no_chance() {
    let x: Vec<Vec<f64>> = (0..30).map(|row| vec![f64::from(row % 10)]).collect();
    let rows = Rows::classes(x, (0..30).map(|row| row % 3).collect(), 3);
    let rows = rows.weighted((0..30).map(|row| f64::from(u8::from(row % 3 > 0))).collect());
    let found = linear(LogisticRegression::default(), &rows);
    let shares = found.predict(&[(&[4.5][..]).into()], 1);
    assert!(shares[0] < 1e-3 && shares[1] > 0.3 && shares[2] > 0.3, "{shares:?}");
}

#[test]
fn many_features_descend_without_their_covariances() {
    let cell = |row: usize, feature: usize| {
        (((row + 1) * (feature + 3) * 7_919) % 101) as f64 / 50.0 - 1.0
    };
    let x: Vec<Vec<f64>> = (0..600).map(|row| (0..250).map(|f| cell(row, f)).collect()).collect();
    let codes = x.iter().map(|x| u32::from(x[0] + x[1] > x[2])).collect();
    let fitted = fit(LogisticRegression::default(), &Rows::classes(x, codes, 2)).unwrap();
    assert_eq!(fitted.metrics["converged"], 1.0);
}
