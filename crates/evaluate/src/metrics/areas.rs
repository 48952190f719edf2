//! Areas under the curves of all classes, averaged.

use super::{Probabilities, Ranking, mean};

/// The areas under one class's curves, against all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Areas {
    pub(crate) roc_auc: Option<f64>,
    pub(crate) average_precision: Option<f64>,
}

impl Areas {
    /// Both areas of a ranking.
    pub fn of(ranking: &Ranking) -> Self {
        Self { roc_auc: ranking.roc_auc(), average_precision: ranking.average_precision() }
    }

    /// Both areas of one class.
    pub fn of_class(actual: &[u32], probabilities: &Probabilities, class: usize) -> Self {
        Self::of(&Ranking::of_class(actual, probabilities, class))
    }

    /// Area under the ROC curve; `None` unless the class and another occur.
    pub fn roc_auc(&self) -> Option<f64> {
        self.roc_auc
    }

    /// Average precision; `None` unless the class occurs.
    pub fn average_precision(&self) -> Option<f64> {
        self.average_precision
    }
}

/// The area over all classes: of two the second's, of more the weighted mean of those there are.
pub(crate) fn average_area(
    areas: &[Areas],
    area: fn(&Areas) -> Option<f64>,
    weights: &[u64],
) -> Option<f64> {
    match areas {
        [_, second] => area(second),
        _ => weighted_mean(areas.iter().map(area), weights),
    }
}

/// The area under the ROC curve: of two classes the second's, of more the plain mean of all that
/// occur, each against all others. `None` where only one class occurs.
pub fn macro_roc_auc(actual: &[u32], probabilities: &Probabilities) -> Option<f64> {
    let n_classes = probabilities.n_classes();
    let areas: Vec<Areas> =
        (0..n_classes).map(|class| Areas::of_class(actual, probabilities, class)).collect();
    average_area(&areas, Areas::roc_auc, &vec![1; n_classes])
}

/// The mean of the values there are; `None` when there are none.
fn weighted_mean(values: impl Iterator<Item = Option<f64>>, weights: &[u64]) -> Option<f64> {
    let (terms, weights): (Vec<f64>, Vec<u64>) = values
        .zip(weights)
        .filter_map(|(value, &weight)| Some((value? * weight as f64, weight)))
        .unzip();
    let whole: u64 = weights.iter().sum();
    (whole > 0).then(|| mean(terms, whole as usize))
}
