//! Champion and challenger on the same rows.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Draw, fitted, linear, table, words};
use hedgerow_data::{Column, Table};
use hedgerow_evaluate::ImportanceMetric;
use hedgerow_learn::Learner;
use hedgerow_model::{Coded, Model};
use hedgerow_renew::{HoldOutOptions, PromotionRule, check_rows, hold_out, judge, stacked};

/// `y` is `slope` times `x`, and noise.
fn line(seed: u64, n: usize, slope: f64) -> Table {
    let mut draw = Draw::new(seed);
    let x = draw.many(n);
    let y = x.iter().map(|x| slope * x + 0.2 * draw.normal()).collect();
    table(vec![Column::numbers("x", x), Column::numbers("y", y)])
}

fn of_classes(seed: u64, n: usize, bound: f64, classes: &[&str]) -> Table {
    let mut draw = Draw::new(seed);
    let x = draw.many(n);
    let y: Vec<&str> = x.iter().map(|x| classes[usize::from(*x > bound)]).collect();
    table(vec![Column::numbers("x", x.clone()), words("y", &y)])
}

fn rule(metric: ImportanceMetric) -> PromotionRule {
    PromotionRule { metric: Some(metric), ..PromotionRule::default() }
}

#[test]
fn what_follows_the_new_rows_is_promoted() {
    let (champion, challenger) = (linear(&line(1, 500, 1.0)), linear(&line(2, 500, 2.0)));
    for metric in [ImportanceMetric::Rmse, ImportanceMetric::Mae, ImportanceMetric::R2] {
        let found = judge(&champion, &challenger, &line(3, 200, 2.0), &rule(metric)).unwrap();
        assert!(found.promote && found.low > 0.0 && found.gain > found.low, "{found:?}");
        assert!(found.high > found.gain && found.rows == 200, "{found:?}");
        let turned = judge(&challenger, &champion, &line(3, 200, 2.0), &rule(metric)).unwrap();
        assert_eq!((turned.promote, turned.gain), (false, -found.gain));
        assert!((turned.low + found.high).abs() < 1e-12 && (turned.high + found.low).abs() < 1e-12);
    }
}

#[test]
fn the_same_model_is_no_better() {
    let model = linear(&line(1, 500, 1.0));
    let found = judge(&model, &model, &line(3, 200, 1.0), &PromotionRule::default()).unwrap();
    assert_eq!((found.promote, found.gain, found.low, found.high), (false, 0.0, 0.0, 0.0));
}

#[test]
fn chance_is_not_enough_unless_that_is_tolerated() {
    let champion = linear(&line(1, 400, 1.0));
    let held_out = line(3, 100, 1.0);
    let challengers = (10..40).map(|seed| linear(&line(seed, 400, 1.0)));
    let strict = rule(ImportanceMetric::Rmse);
    let lenient = PromotionRule { tolerance: 1.0, ..strict };
    let aims = PromotionRule { min_improvement: 0.01, ..lenient };
    let judged: Vec<_> = challengers
        .map(|model| {
            let by = |rule| judge(&champion, &model, &held_out, rule).unwrap();
            (by(&strict), by(&lenient), by(&aims))
        })
        .collect();
    for (strict, lenient, aims) in &judged {
        assert_eq!(strict.promote, strict.gain > 0.0 && strict.low >= 0.0);
        assert_eq!(lenient.promote, lenient.gain > 0.0);
        assert_eq!(aims.promote, aims.gain > 0.01);
        assert!(strict.low <= strict.gain && strict.gain <= strict.high);
    }
    let promoted = |of: fn(&(_, _, _)) -> bool| judged.iter().filter(|one| of(one)).count();
    let lenient = promoted(|(_, lenient, _): &(_, hedgerow_renew::Verdict, _)| lenient.promote);
    let strict = promoted(|(strict, _, _): &(hedgerow_renew::Verdict, _, _)| strict.promote);
    assert!(strict < lenient, "{strict} of {lenient}");
}

#[test]
fn the_interval_holds_the_true_difference_about_as_often_as_it_says() {
    let (champion, challenger) = (linear(&line(1, 400, 1.0)), linear(&line(2, 400, 1.1)));
    let rule = rule(ImportanceMetric::Rmse);
    let truth = judge(
        &champion,
        &challenger,
        &line(7, 200_000, 1.05),
        &PromotionRule { resamples: 1, ..rule },
    )
    .unwrap()
    .gain;
    let holds = |seed| {
        let found = judge(&champion, &challenger, &line(seed, 200, 1.05), &rule).unwrap();
        found.low <= truth && truth <= found.high
    };
    let held = (1_000..1_200).filter(|&seed| holds(seed)).count();
    // Of 200 intervals of 95 %, 178 to 199 hold with more than 99.9 %.
    assert!((178..=199).contains(&held), "{held}");
}

fn classifier(rows: &Table) -> Model {
    fitted(rows, "y", Learner::default())
}

#[test]
fn classes_must_be_the_same() {
    let champion = classifier(&of_classes(1, 300, 0.5, &["a", "b"]));
    let moved = of_classes(2, 300, 0.8, &["a", "b"]);
    let found = judge(
        &champion,
        &classifier(&moved),
        &of_classes(3, 100, 0.8, &["a", "b"]),
        &PromotionRule::default(),
    );
    assert!(found.unwrap().promote);
    let others = of_classes(2, 300, 0.8, &["a", "c"]);
    assert_eq!(check_rows(&champion, &others).unwrap_err().code(), "new_class");
    let lost = judge(&champion, &classifier(&others), &moved, &PromotionRule::default());
    assert_eq!(lost.unwrap_err().code(), "lost_class");
    let task = judge(&champion, &linear(&line(1, 50, 1.0)), &moved, &PromotionRule::default());
    assert_eq!(task.unwrap_err().code(), "other_task");
    let metric = judge(&champion, &champion, &moved, &rule(ImportanceMetric::Rmse));
    assert_eq!(metric.unwrap_err().code(), "bad_option");
}

#[test]
fn rows_are_held_out_by_class_or_by_time() {
    let rows = of_classes(1, 200, 0.9, &["a", "b"]);
    let model = classifier(&rows);
    let parts = hold_out(&model, &rows, &HoldOutOptions::default()).unwrap();
    assert_eq!((parts.train.rows(), parts.test.rows()), (140, 60));
    let rare = |table: &Table| {
        (0..table.rows()).filter(|&row| table.columns()[1].text(row).unwrap() == "b").count()
    };
    let share = rare(&rows) as f64 * 0.3;
    assert!((rare(&parts.test) as f64 - share).abs() <= 1.0);
    let by = |time: &str| HoldOutOptions { time: Some(time.into()), ..HoldOutOptions::default() };
    let parts = hold_out(&model, &rows, &by("x")).unwrap();
    let values = |table: &Table| {
        (0..table.rows())
            .map(|row| table.columns()[0].text(row).unwrap().parse::<f64>().unwrap())
            .collect::<Vec<_>>()
    };
    let last = values(&parts.train).into_iter().fold(0.0, f64::max);
    assert!(values(&parts.test).into_iter().all(|x| x >= last));
    assert_eq!(hold_out(&model, &rows, &by("y")).unwrap_err().code(), "bad_option");
    let few = hold_out(&model, &rows.slice(0..50), &HoldOutOptions::default());
    assert_eq!(few.unwrap_err().code(), "too_few_rows");
}

#[test]
fn tables_are_stacked_as_the_model_knows_them() {
    let rows = of_classes(1, 60, 0.5, &["a", "b"]);
    let model = classifier(&rows);
    let mut other = of_classes(2, 30, 0.5, &["b", "z"]).into_columns();
    other.reverse();
    other.push(Column::numbers("more", vec![0.0; 30]));
    let stack = stacked(&model, &rows, &table(other.clone()), &[]).unwrap();
    assert_eq!((stack.rows(), stack.names().collect::<Vec<_>>()), (90, vec!["x", "y"]));
    for row in 0..90 {
        let (from, at) = if row < 60 { (rows.columns(), row) } else { (&other[..], row - 60) };
        let named = |name: &str| from.iter().find(|column| column.name == name).unwrap().text(at);
        assert_eq!(stack.columns()[0].text(row), named("x"));
        assert_eq!(stack.columns()[1].text(row), named("y"));
    }
}
