//! linfa's classification metrics as an independent check, to the precision of their `f32`.

use hedgerow_evaluate::metrics::{ClassCounts, Ranking};
use linfa::prelude::*;
use ndarray::Array1;
use proptest::prelude::*;

/// Two classes, both present on both sides: elsewhere linfa divides by zero.
fn labels() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let both = |labels: &Vec<u32>| labels.contains(&0) && labels.contains(&1);
    (6..60usize).prop_flat_map(move |rows| {
        let side = || prop::collection::vec(0..2u32, rows).prop_filter("both classes", both);
        (side(), side())
    })
}

proptest! {
    #[test]
    fn accuracy_and_mcc_are_linfas((actual, predicted) in labels()) {
        let counts = ClassCounts::new(&actual, &predicted, 2);
        let of = |labels: Vec<u32>| labels.into_iter().map(|label| label == 1).collect::<Array1<bool>>();
        let (actual, predicted) = (of(actual), of(predicted));
        let linfa = predicted.confusion_matrix(&actual).unwrap();
        prop_assert!((counts.accuracy() - f64::from(linfa.accuracy())).abs() < 1e-6);
        prop_assert!((counts.mcc() - f64::from(linfa.mcc())).abs() < 1e-5);
    }

    #[test]
    fn the_area_under_the_roc_curve_is_linfas(
        order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
        truth in prop::collection::vec(any::<bool>(), 40),
    ) {
        // Distinct scores: linfa draws tied rows one after the other.
        let scores: Vec<f64> = order.iter().map(|&place| place as f64 / 40.0).collect();
        prop_assume!(truth.contains(&true) && truth.contains(&false));
        let rows = scores.iter().copied().zip(truth.iter().copied());
        let ours = Ranking::new(rows).roc_auc().unwrap();
        let probabilities: Array1<Pr> = scores.iter().map(|&score| Pr::new(score as f32)).collect();
        let theirs = probabilities.roc(&truth).unwrap().area_under_curve();
        prop_assert!((ours - f64::from(theirs)).abs() < 1e-5, "{} {}", ours, theirs);
    }
}
