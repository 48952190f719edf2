//! How well scores put positive rows before negative ones.

use hedgerow_data::sort_numbers;

use super::Probabilities;

/// Counts at one threshold: rows with a score of at least `threshold` count as predicted positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub threshold: f64,
    pub true_positives: u64,
    pub false_positives: u64,
}

impl Step {
    pub(crate) fn precision(&self) -> f64 {
        self.true_positives as f64 / (self.true_positives + self.false_positives) as f64
    }
}

fn larger(a: Option<&f64>, b: Option<&f64>) -> Option<f64> {
    a.into_iter().chain(b).copied().reduce(|a, b| if b > a { b } else { a })
}

/// Takes the values at the end that equal `threshold`, and counts them.
fn pop_equal(ascending: &mut Vec<f64>, threshold: f64) -> u64 {
    let before = ascending.len();
    let is_equal = |value: &mut f64| *value == threshold || value.is_nan() && threshold.is_nan();
    while ascending.pop_if(is_equal).is_some() {}
    (before - ascending.len()) as u64
}

/// Rows in order of falling score, cut at every distinct score. Rows with equal scores are never
/// told apart.
///
/// ```
/// use hedgerow_evaluate::metrics::Ranking;
///
/// let ranking = Ranking::new([(0.9, true), (0.8, false), (0.8, true), (0.1, false)]);
/// assert_eq!(ranking.roc_auc(), Some(0.875));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    pub(crate) steps: Vec<Step>,
}

impl Ranking {
    /// Ranks rows given as (score, whether positive).
    pub fn new(rows: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        for (score, positive) in rows {
            if positive { &mut positives } else { &mut negatives }.push(score);
        }
        sort_numbers(&mut positives);
        sort_numbers(&mut negatives);
        let mut steps = Vec::new();
        let (mut true_positives, mut false_positives) = (0, 0);
        while let Some(threshold) = larger(positives.last(), negatives.last()) {
            true_positives += pop_equal(&mut positives, threshold);
            false_positives += pop_equal(&mut negatives, threshold);
            steps.push(Step { threshold, true_positives, false_positives });
        }
        Self { steps }
    }

    /// Ranks rows by the probability of one class, against all others.
    pub fn of_class(actual: &[u32], probabilities: &Probabilities, class: usize) -> Self {
        let is_positive = actual.iter().map(|&code| code as usize == class);
        match probabilities.constant_of(class) {
            Some(threshold) => Self::all_tied(threshold, is_positive),
            None => Self::new(probabilities.class(class).zip(is_positive)),
        }
    }

    fn all_tied(threshold: f64, is_positive: impl ExactSizeIterator<Item = bool>) -> Self {
        let rows = is_positive.len() as u64;
        let true_positives = is_positive.filter(|&positive| positive).count() as u64;
        let step = Step { threshold, true_positives, false_positives: rows - true_positives };
        Self { steps: if rows > 0 { vec![step] } else { Vec::new() } }
    }

    /// Number of positive rows.
    pub fn positives(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.true_positives)
    }

    /// Number of negative rows.
    pub fn negatives(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.false_positives)
    }

    /// Area under the ROC curve: the chance that a positive row scores above a negative one, ties
    /// counting half; 0 to 1, higher is better. `None` unless there are rows of both kinds.
    ///
    /// Counted in whole numbers, so exact up to one rounding.
    pub fn roc_auc(&self) -> Option<f64> {
        let pairs = u128::from(self.positives()) * u128::from(self.negatives());
        let mut twice_area = 0u128;
        let mut before = (0, 0);
        for step in &self.steps {
            let width = step.false_positives - before.1;
            twice_area += u128::from(width) * u128::from(step.true_positives + before.0);
            before = (step.true_positives, step.false_positives);
        }
        (pairs > 0).then(|| twice_area as f64 / (2 * pairs) as f64)
    }

    /// Average precision: the area under the precision-recall curve taken as steps; 0 to 1, higher
    /// is better, and the share of positive rows for random scores. `None` without positive rows.
    pub fn average_precision(&self) -> Option<f64> {
        let positives = self.positives();
        let mut before = 0;
        let parts = self.steps.iter().map(|step| {
            let gained = step.true_positives - before;
            before = step.true_positives;
            gained as f64 * step.precision()
        });
        let area = super::sum(parts);
        (positives > 0).then(|| area / positives as f64)
    }
}
