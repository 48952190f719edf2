//! What must not change a tree, through the whole pipeline.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_learn::{Learner, TrainOptions, train};
use hedgerow_model::Raw;
use proptest::prelude::*;

/// Two features, a class, and a weight.
type Row = (u8, u8, usize, usize);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Few values, so that rows with the same features have different classes.
    prop::collection::vec((0..6u8, 0..4u8, 0..3usize, 1..4usize), 20..60)
}

/// Their table, with a row of every class so that all are there.
fn table(rows: &[Row], scale: f64, names: [&str; 3]) -> Table {
    let mut text = String::from("a,b,class,weight\n");
    for &(a, b, class, weight) in rows.iter().chain(&[(0, 0, 0, 1), (1, 1, 1, 1), (2, 2, 2, 1)]) {
        text += &format!("{},{b},{},{weight}\n", f64::from(a) * scale, names[class]);
    }
    read_csv(text.as_bytes(), &CsvOptions::default()).unwrap()
}

const NAMES: [&str; 3] = ["p", "q", "r"];

/// Shares of the classes at every pair of features.
fn shares(kind: &str, table: &Table, scale: f64, weighted: bool) -> Vec<f64> {
    let options = TrainOptions {
        learner: Learner::from_params(kind, []).unwrap(),
        features: Some(vec!["a".to_owned(), "b".to_owned()]),
        sample_weight: weighted.then(|| "weight".to_owned()),
        ..TrainOptions::new("class")
    };
    let model = train(table, options).unwrap();
    let a: Vec<f64> = (0..24).map(|cell| f64::from(cell % 6) * scale).collect();
    let b: Vec<f64> = (0..24).map(|cell| f64::from(cell / 6)).collect();
    model.predict(&[Raw::Numbers(&a), Raw::Numbers(&b)]).unwrap().values
}

/// Neither draws rows; where both cut depends on the rows' codes alone.
const KINDS: [&str; 2] = ["decision-tree", "extra-trees"];

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(rows in rows(), by in 1..19usize) {
        let mut others = rows.clone();
        others.rotate_left(by);
        others.swap(0, by);
        for kind in KINDS {
            let ours = shares(kind, &table(&rows, 1.0, NAMES), 1.0, false);
            prop_assert_eq!(ours, shares(kind, &table(&others, 1.0, NAMES), 1.0, false));
        }
    }

    #[test]
    fn the_scale_of_a_feature_does_not_matter(rows in rows(), power in -20..20i32) {
        let scale = libm::scalbn(1.0, power);
        for kind in KINDS {
            let ours = shares(kind, &table(&rows, 1.0, NAMES), 1.0, false);
            prop_assert_eq!(ours, shares(kind, &table(&rows, scale, NAMES), scale, false));
        }
    }

    /// Of features that were seen, as other splits may be as good: leaves of a whole tree hold what
    /// there is of those features.
    #[test]
    fn a_weight_is_so_many_repetitions(rows in rows()) {
        let mut repeated = Vec::new();
        for &row in &rows {
            repeated.extend(std::iter::repeat_n(row, row.3));
        }
        for kind in KINDS {
            let ours = shares(kind, &table(&rows, 1.0, NAMES), 1.0, true);
            let theirs = shares(kind, &table(&repeated, 1.0, NAMES), 1.0, false);
            for &(a, b, ..) in &rows {
                let first = (usize::from(b) * 6 + usize::from(a)) * 3;
                for (ours, theirs) in ours[first..first + 3].iter().zip(&theirs[first..first + 3]) {
                    prop_assert!((ours - theirs).abs() < 1e-9, "{kind}: {ours} beside {theirs}");
                }
            }
        }
    }

    /// Of features that were seen, as ties go to the first class.
    #[test]
    fn the_names_of_classes_do_not_matter(rows in rows()) {
        for kind in KINDS {
            let ours = shares(kind, &table(&rows, 1.0, NAMES), 1.0, false);
            let theirs = shares(kind, &table(&rows, 1.0, ["r", "p", "q"]), 1.0, false);
            for &(a, b, ..) in &rows {
                let first = (usize::from(b) * 6 + usize::from(a)) * 3;
                for (class, other) in [2, 0, 1].into_iter().enumerate() {
                    prop_assert!((ours[first + class] - theirs[first + other]).abs() < 1e-9);
                }
            }
        }
    }
}
