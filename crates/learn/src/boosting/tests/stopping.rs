//! Early stopping.

use super::*;

#[test]
fn the_best_round_on_the_validation_part_is_the_last_that_is_kept() {
    let mut next = noise(1);
    let mut data = mixed(600, 11);
    let Target::Values(values) = &mut data.target else { return };
    values.iter_mut().for_each(|value| *value += 20.0 * next());
    for data in [data.clone(), classes(data.clone(), &[16.0]), classes(data, &[12.0, 20.0])] {
        let scores = if let Target::Classes { n: 3, .. } = data.target { 3 } else { 1 };
        let fitted = data.fit(&GradientBoosting {
            n_estimators: 500,
            early_stopping_rounds: Some(7),
            validation_fraction: 0.25,
            ..GradientBoosting::default()
        });
        assert_eq!(fitted.loss_name, "validation_loss");
        let rounds = fitted.losses.len();
        assert!(rounds > 7 && rounds < 500, "{rounds}");
        let best = fitted.losses.iter().position(|loss| *loss == fitted.best_loss).unwrap();
        assert_eq!(best + 1 + 7, rounds);
        assert_eq!(fitted.trees.roots.len(), (best + 1) * scores);
        assert!(fitted.losses.iter().all(|loss| *loss >= fitted.best_loss));
    }
}

#[test]
fn without_a_validation_part_the_training_loss_falls() {
    for data in
        [mixed(400, 12), classes(mixed(400, 13), &[7.0]), classes(mixed(400, 14), &[5.0, 9.0])]
    {
        let fitted = data.fit(&small());
        assert_eq!((fitted.loss_name, fitted.losses.len()), ("training_loss", 20));
        assert!(fitted.losses.windows(2).all(|pair| pair[1] < pair[0]), "{:?}", fitted.losses);
    }
}

#[test]
fn a_fit_without_anything_to_split_ends_at_once() {
    let data =
        Data::new(vec![("x", vec![1.0; 50])], Target::Values((0..50).map(f64::from).collect()));
    let fitted = data.fit(&small());
    assert_eq!(fitted.trees.roots.len(), 1);
    assert!(data.predict(&fitted).iter().all(|output| (output - 24.5).abs() < 1e-9));
}
