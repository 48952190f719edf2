//! Metrics of classes, of counts by class: as `hedgerow-evaluate` has them of rows.

use hedgerow_profile::{ClassOutcomes, PARTS};

use super::{MetricFigure, figure, mean_figure, share_figure};

/// Rows of a class that are so, that are predicted so, and that are both; shares of rows where they are expected.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Class {
    pub true_rows: f64,
    pub predicted: f64,
    pub hits: f64,
}

/// All metrics of rows whose class is known.
pub(super) fn figures(counts: &ClassOutcomes) -> Vec<MetricFigure> {
    let rows = counts.rows();
    let classes: Vec<Class> = (0..counts.truths.len())
        .map(|class| Class {
            true_rows: counts.truths[class] as f64,
            predicted: counts.predicted[class] as f64,
            hits: counts.hits[class] as f64,
        })
        .collect();
    let mut all: Vec<MetricFigure> = of_counts(&classes, rows as f64);
    let two = classes.len() == 2;
    let parts = |counts: &[u64]| counts.iter().map(|&count| count as f64).collect::<Vec<_>>();
    all.extend(two.then(|| area(&parts(&counts.sure_so), &parts(&counts.sure_not))).flatten());
    all.extend(mean_figure("logLoss", counts.log_loss(), rows));
    all.extend(mean_figure("brier", counts.brier(), rows));
    all
}

/// The metrics that counts by class are enough for.
pub(super) fn of_counts(classes: &[Class], rows: f64) -> Vec<MetricFigure> {
    let hits: f64 = classes.iter().map(|class| class.hits).sum();
    let there = |count: fn(&Class) -> f64| classes.iter().filter(move |class| count(class) > 0.0);
    let either = |class: &Class| class.true_rows + class.predicted;
    let recall = shares(there(|class| class.true_rows).map(|one| (one.hits, one.true_rows)));
    let precisions = there(either).map(|one| (one.hits, one.predicted));
    let recalls = there(either).map(|one| (one.hits, one.true_rows));
    let (f1, f1_error) = f1(there(either));
    let all = [
        share_figure("accuracy", hits / rows, rows),
        recall.and_then(|(value, error)| figure("balancedAccuracy", value, Some(error))),
        shares(precisions).and_then(|(value, error)| figure("precisionMacro", value, Some(error))),
        shares(recalls).and_then(|(value, error)| figure("recallMacro", value, Some(error))),
        figure("f1Macro", f1, Some(f1_error)),
        figure("mcc", correlation(classes, rows), mcc_error(classes, rows)),
    ];
    all.into_iter().flatten().collect()
}

/// The mean of shares, and its standard error; a share of nothing is 0.
fn shares(of: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    let (mut n, mut sum, mut variance) = (0.0, 0.0, 0.0);
    for (part, whole) in of {
        let share = if whole > 0.0 { part / whole } else { 0.0 };
        n += 1.0;
        sum += share;
        variance += if whole > 0.0 { share * (1.0 - share).max(0.0) / whole } else { 0.0 };
    }
    (n > 0.0).then(|| (sum / n, libm::sqrt(variance) / n))
}

/// The mean of all classes' F1, with the error that multinomial counts leave it (delta method; classes for
/// themselves).
fn f1<'c>(classes: impl Iterator<Item = &'c Class>) -> (f64, f64) {
    let (mut n, mut sum, mut variance) = (0.0, 0.0, 0.0);
    for Class { true_rows, predicted, hits } in classes {
        let (both, missed) = (true_rows + predicted, true_rows + predicted - 2.0 * hits);
        n += 1.0;
        sum += 2.0 * hits / both;
        variance += 4.0 * hits * missed * (hits + missed) / (both * both * both * both);
    }
    (sum / n, libm::sqrt(variance) / n)
}

/// Matthews' correlation coefficient of so many classes (Gorodkin 2004); 0 where all rows are of one class, or
/// predicted to be.
fn correlation(classes: &[Class], rows: f64) -> f64 {
    let sum = |of: &dyn Fn(&Class) -> f64| classes.iter().map(of).sum::<f64>();
    let over = sum(&|class| class.hits) * rows - sum(&|class| class.true_rows * class.predicted);
    let spread = |of: &dyn Fn(&Class) -> f64| rows * rows - sum(&|class| of(class) * of(class));
    let under = libm::sqrt(spread(&|class| class.true_rows) * spread(&|class| class.predicted));
    if under > 0.0 { over / under } else { 0.0 }
}

/// Of two classes, whose four counts are known (delta method, with differences for slopes).
fn mcc_error(classes: &[Class], rows: f64) -> Option<f64> {
    let [first, second] = classes else { return None };
    let cells =
        [first.hits, second.hits, first.true_rows - first.hits, second.true_rows - second.hits];
    let at = |cells: [f64; 4]| {
        let [a, b, missed, found] = cells;
        let class =
            |hits, missed, found| Class { hits, true_rows: hits + missed, predicted: hits + found };
        correlation(&[class(a, missed, found), class(b, found, missed)], cells.iter().sum())
    };
    let (mut variance, mut mean) = (0.0, 0.0);
    for (index, cell) in cells.iter().enumerate() {
        let by = (cell * 1e-4).max(1e-4);
        let moved = |by: f64| {
            let mut moved = cells;
            moved[index] += by;
            at(moved)
        };
        let slope = (moved(by) - at(cells)) / by;
        variance += slope * slope * cell;
        mean += slope * cell;
    }
    Some(libm::sqrt((variance - mean * mean / rows).max(0.0)))
}

/// The area under the ROC curve of the second class, by rows in ascending parts of its probability; with the error
/// of Hanley and McNeil (1982). Rows of one part count as equally sure.
pub(super) fn area(so: &[f64], not: &[f64]) -> Option<MetricFigure> {
    let (positives, negatives) = (so.iter().sum::<f64>(), not.iter().sum::<f64>());
    let (mut below, mut won) = (0.0, 0.0);
    for (so, not) in so.iter().zip(not) {
        won += so * (below + not / 2.0);
        below += not;
    }
    if positives <= 0.0 || negatives <= 0.0 {
        return None;
    }
    let area = won / (positives * negatives);
    let (one, two) = (area / (2.0 - area), 2.0 * area * area / (1.0 + area));
    let spread = area * (1.0 - area)
        + (positives - 1.0) * (one - area * area)
        + (negatives - 1.0) * (two - area * area);
    figure("rocAuc", area, Some(libm::sqrt(spread.max(0.0) / (positives * negatives))))
}

/// The middle of a part of the probabilities.
pub(super) fn middle_of(part: usize) -> f64 {
    (part as f64 + 0.5) / PARTS as f64
}
