//! Metrics of classes, of counts by class: as `hedgerow-evaluate` has them of rows.

use hedgerow_profile::{ClassOutcomes, PARTS};

use super::{MetricFigure, figure, likely_figure, mean_figure, share_figure};

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
    let of_true = |class: &Class| Share::of(class.hits, class.true_rows);
    let of_predicted = |class: &Class| Share::of(class.hits, class.predicted);
    let all = [
        share_figure("accuracy", hits / rows, rows),
        mean_of("balancedAccuracy", there(|class| class.true_rows).map(of_true)),
        mean_of("precisionMacro", there(either).map(of_predicted)),
        mean_of("recallMacro", there(either).map(of_true)),
        mean_of("f1Macro", there(either).map(Share::f1)),
        correlated(classes, rows),
    ];
    all.into_iter().flatten().collect()
}

/// A share of rows, and how sure it is: as if there were one more row that is so and one that is not (Agresti and
/// Coull 1998), since of two rows that are both right little is known.
struct Share {
    value: f64,
    likely: f64,
    variance: f64,
}

impl Share {
    /// A share of nothing is 0.
    fn of(part: f64, whole: f64) -> Self {
        if whole <= 0.0 {
            return Self { value: 0.0, likely: 0.0, variance: 0.0 };
        }
        let (likely, many) = ((part + 1.0) / (whole + 2.0), whole + 2.0);
        Self { value: part / whole, likely, variance: likely * (1.0 - likely) / many }
    }

    /// F1, by the delta method for multinomial counts.
    fn f1(class: &Class) -> Self {
        let Class { true_rows, predicted, hits } = class;
        let value = 2.0 * hits / (true_rows + predicted);
        let (hits, missed) = (hits + 1.0, true_rows + predicted - 2.0 * hits + 1.0);
        let both = 2.0 * hits + missed;
        let variance = 4.0 * hits * missed * (hits + missed) / (both * both * both * both);
        Self { value, likely: 2.0 * hits / both, variance }
    }
}

/// The mean of shares, of classes each for itself.
fn mean_of(name: &'static str, shares: impl Iterator<Item = Share>) -> Option<MetricFigure> {
    let (mut n, mut value, mut likely, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for share in shares {
        n += 1.0;
        value += share.value;
        likely += share.likely;
        variance += share.variance;
    }
    (n > 0.0).then(|| likely_figure(name, value / n, likely / n, libm::sqrt(variance) / n))?
}

/// Matthews' coefficient; of two classes, whose four counts are known, with its error.
fn correlated(classes: &[Class], rows: f64) -> Option<MetricFigure> {
    let value = correlation(classes, rows);
    match classes {
        [first, second] => {
            let (likely, error) = likely_correlation(first, second);
            likely_figure("mcc", value, likely, error)
        }
        _ => figure("mcc", value, None),
    }
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

/// With one more row in each of the four cells; its error by the delta method, with differences for slopes.
fn likely_correlation(first: &Class, second: &Class) -> (f64, f64) {
    let missed = [first.true_rows - first.hits, second.true_rows - second.hits];
    let cells = [first.hits, second.hits, missed[0], missed[1]].map(|cell| cell + 1.0);
    let at = |cells: [f64; 4]| {
        let [a, b, missed, found] = cells;
        let class =
            |hits, missed, found| Class { hits, true_rows: hits + missed, predicted: hits + found };
        correlation(&[class(a, missed, found), class(b, found, missed)], cells.iter().sum())
    };
    let likely = at(cells);
    let (mut variance, mut mean) = (0.0, 0.0);
    for (index, cell) in cells.iter().enumerate() {
        let by = cell * 1e-4;
        let mut moved = cells;
        moved[index] += by;
        let slope = (at(moved) - likely) / by;
        variance += slope * slope * cell;
        mean += slope * cell;
    }
    let rows: f64 = cells.iter().sum();
    (likely, libm::sqrt((variance - mean * mean / rows).max(0.0)))
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
    // As if there were a row more of each class, which wins half of its comparisons.
    let (n, m) = (positives + 1.0, negatives + 1.0);
    let likely = (won + (n + m) / 2.0 - 0.5) / (n * m);
    let (one, two) = (likely / (2.0 - likely), 2.0 * likely * likely / (1.0 + likely));
    let spread = likely * (1.0 - likely)
        + (n - 1.0) * (one - likely * likely)
        + (m - 1.0) * (two - likely * likely);
    likely_figure("rocAuc", area, likely, libm::sqrt(spread.max(0.0) / (n * m)))
}

/// The middle of a part of the probabilities.
pub(super) fn middle_of(part: usize) -> f64 {
    (part as f64 + 0.5) / PARTS as f64
}
