use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::{Layout, Profile};

/// A true class, and the probabilities of three.
type Row = (usize, [f64; 3]);

fn classes(n: usize) -> Truth {
    Truth::Classes((0..n).map(|class| alloc::format!("{class}")).collect())
}

fn row() -> impl Strategy<Value = Row> {
    let weight = prop_oneof![Just(0.0), 0.0..1.0f64];
    (0..4usize, [weight.clone(), weight.clone(), weight]).prop_map(|(truth, weights)| {
        let sum: f64 = weights.iter().sum();
        (truth, if sum > 0.0 { weights.map(|weight| weight / sum) } else { [0.0, 0.0, 1.0] })
    })
}

fn record(profile: &mut Profile, layout: &Layout, (truth, probabilities): &Row) -> bool {
    let likelier = |best: usize, class: usize| {
        if probabilities[class] > probabilities[best] { class } else { best }
    };
    let predicted = (0..3).fold(0, likelier);
    profile.record_outcome(layout, Outcome::Class { truth: *truth, predicted, probabilities })
}

fn record_number(profile: &mut Profile, layout: &Layout, (truth, predicted): &(f64, f64)) -> bool {
    profile.record_outcome(layout, Outcome::Number { truth: *truth, predicted: *predicted })
}

/// However rows are dealt out, the sum is that of all, to the byte; and it can be read back.
fn adds_up<R>(
    truth: Truth,
    rows: &[(u8, R)],
    record: impl Fn(&mut Profile, &Layout, &R) -> bool,
) -> Result<Profile, TestCaseError> {
    let layout = Layout::new(Vec::new(), Some(truth));
    let mut whole = Profile::new(&layout);
    let mut parts = [Profile::new(&layout), Profile::new(&layout), Profile::new(&layout)];
    for (part, row) in rows {
        let counted = record(&mut whole, &layout, row);
        prop_assert_eq!(record(&mut parts[usize::from(*part) % 3], &layout, row), counted);
    }
    let [a, mut sum, b] = parts;
    sum.merge(&b).unwrap();
    sum.merge(&a).unwrap();
    prop_assert_eq!(sum.to_bytes(), whole.to_bytes());
    prop_assert_eq!(Profile::from_bytes(&whole.to_bytes(), &layout), Ok(sum));
    Ok(whole)
}

proptest! {
    #[test]
    fn classes_add_up(rows in prop::collection::vec((any::<u8>(), row()), 0..60)) {
        let whole = adds_up(classes(3), &rows, record)?;
        let Some(Outcomes::Classes(counts)) = whole.outcomes() else { return Ok(()) };
        let known: Vec<&Row> = rows.iter().map(|row| &row.1).filter(|row| row.0 < 3).collect();
        prop_assert_eq!(counts.rows(), known.len() as u64);
        let loss = |row: &&Row| -libm::log(row.1[row.0].clamp(f64::EPSILON, 1.0 - f64::EPSILON));
        let loss = known.iter().map(loss).sum::<f64>() / known.len() as f64;
        if let Some(found) = counts.log_loss() {
            prop_assert!((found.mean - loss).abs() < 1e-8, "{found:?} is not {loss}");
        }
    }

    #[test]
    fn numbers_add_up(
        rows in prop::collection::vec((any::<u8>(), (-9.0..9.0f64, prop_oneof![5 => -9.0..9.0f64, 1 => any::<f64>()])), 0..60)
    ) {
        adds_up(Truth::Numbers { middle: 1.0, step: 1e-6 }, &rows, record_number)?;
    }

    #[test]
    fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300), n in 1..40usize) {
        for truth in [classes(n), Truth::Numbers { middle: 0.0, step: 1.0 }] {
            let layout = Layout::new(Vec::new(), Some(truth));
            let whole = [&Profile::new(&layout).to_bytes()[..12], &bytes[..]].concat();
            if let Ok(mut read) = Profile::from_bytes(&whole, &layout) {
                let same = read.clone();
                prop_assert_eq!(read.merge(&same), Ok(()));
            }
        }
    }
}

#[test]
fn what_is_no_outcome_is_not_counted() {
    let layout = Layout::new(Vec::new(), Some(classes(2)));
    let mut profile = Profile::new(&layout);
    for (truth, predicted, probabilities) in [
        (2, 0, &[0.5, 0.5][..]),
        (0, 2, &[0.5, 0.5]),
        (0, 0, &[1.0]),
        (0, 0, &[f64::NAN, 0.5]),
        (0, 0, &[1.5, -0.5]),
    ] {
        assert!(
            !profile.record_outcome(&layout, Outcome::Class { truth, predicted, probabilities })
        );
    }
    assert!(!profile.record_outcome(&layout, Outcome::Number { truth: 0.0, predicted: 0.0 }));
    assert_eq!(profile.outcomes().map(Outcomes::rows), Some(0));
}

#[test]
fn errors_are_those_of_the_rows() {
    let truth = Truth::Numbers { middle: 2.0, step: 1e-6 };
    let layout = Layout::new(Vec::new(), Some(truth.clone()));
    let truth = &truth;
    let mut profile = Profile::new(&layout);
    for (actual, predicted) in [(1.0, 1.5), (2.0, 2.0), (3.0, 1.0), (4.0, 4.5)] {
        assert!(profile.record_outcome(&layout, Outcome::Number { truth: actual, predicted }));
    }
    let Some(Outcomes::Numbers(counts)) = profile.outcomes() else { unreachable!("of numbers") };
    let near = |found: Option<f64>, wanted: f64| {
        assert!(
            found.is_some_and(|found| (found - wanted).abs() < 1e-6),
            "{found:?} is not {wanted}"
        );
    };
    near(counts.error(truth).map(|mean| mean.mean), -0.25);
    near(counts.absolute(truth).map(|mean| mean.mean), 0.75);
    near(counts.squared(truth).map(|mean| mean.mean), 4.5 / 4.0);
    near(counts.truth_variance(truth), 1.25);
    // Squares are 0.25, 0, 4 and 0.25.
    let squares = [0.25f64, 0.0, 4.0, 0.25].map(|square| (square - 1.125) * (square - 1.125));
    let std = libm::sqrt(squares.iter().sum::<f64>() / 4.0);
    // Their fourth powers are coarser.
    let found = counts.squared(truth).map(|mean| mean.std);
    assert!(found.is_some_and(|found| (found - std).abs() < 1e-4 * std), "{found:?} is not {std}");
}
