//! All that follows from counting rows by actual and predicted class.

/// Precision, recall and F1 of one class or an average; each from 0 to 1, higher is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecisionRecallF1 {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Rows counted by class. Ratios that would divide by zero are 0, as in scikit-learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCounts {
    /// Rows of each class.
    pub actual: Vec<u64>,
    /// Rows predicted to be of each class.
    pub predicted: Vec<u64>,
    /// Rows of each class that are predicted to be.
    pub correct: Vec<u64>,
    pub rows: u64,
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn count(codes: impl Iterator<Item = u32>, n_classes: usize) -> Vec<u64> {
    let mut counts = vec![0; n_classes];
    for code in codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    counts
}

impl ClassCounts {
    /// Counts rows; codes from `n_classes` on belong to no class.
    pub fn new(actual: &[u32], predicted: &[u32], n_classes: usize) -> Self {
        let hits = actual.iter().zip(predicted).filter(|(actual, predicted)| actual == predicted);
        Self {
            actual: count(actual.iter().copied(), n_classes),
            predicted: count(predicted.iter().copied(), n_classes),
            correct: count(hits.map(|(actual, _)| *actual), n_classes),
            rows: actual.len() as u64,
        }
    }

    /// Share of rows predicted right; 0 to 1, higher is better.
    pub fn accuracy(&self) -> f64 {
        ratio(self.correct.iter().sum(), self.rows)
    }

    /// Mean recall of the classes that occur; 0 to 1, higher is better.
    pub fn balanced_accuracy(&self) -> f64 {
        let present = || (0..self.actual.len()).filter(|&class| self.actual[class] > 0);
        let recalls = present().map(|class| self.class(class).recall);
        crate::metrics::mean(recalls, present().count())
    }

    /// Whether the class occurs among the rows or the predictions.
    pub fn occurs(&self, class: usize) -> bool {
        self.actual[class] + self.predicted[class] > 0
    }

    /// Precision, recall and F1 of one class against all others.
    pub fn class(&self, class: usize) -> PrecisionRecallF1 {
        let (correct, actual, predicted) =
            (self.correct[class], self.actual[class], self.predicted[class]);
        PrecisionRecallF1 {
            precision: ratio(correct, predicted),
            recall: ratio(correct, actual),
            f1: ratio(2 * correct, actual + predicted),
        }
    }

    /// The plain mean over the classes that occur among the rows or the predictions.
    pub fn macro_average(&self) -> PrecisionRecallF1 {
        self.average(|class| f64::from(u8::from(self.occurs(class))))
    }

    /// The mean over classes, weighted by their rows.
    pub fn weighted_average(&self) -> PrecisionRecallF1 {
        self.average(|class| self.actual[class] as f64)
    }

    /// From the sums over all classes: with one label a row, all three are the accuracy.
    pub fn micro_average(&self) -> PrecisionRecallF1 {
        let accuracy = self.accuracy();
        PrecisionRecallF1 { precision: accuracy, recall: accuracy, f1: accuracy }
    }

    fn average(&self, weight: impl Fn(usize) -> f64) -> PrecisionRecallF1 {
        let classes = 0..self.actual.len();
        let whole: f64 = classes.clone().map(&weight).sum();
        let mean = |part: fn(PrecisionRecallF1) -> f64| {
            let terms = classes.clone().map(|class| part(self.class(class)) * weight(class));
            crate::metrics::sum(terms) / whole
        };
        PrecisionRecallF1 {
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
        }
    }

    /// Matthews' correlation coefficient; −1 to 1, higher is better, 0 when either side is
    /// constant. For many classes: Gorodkin, "Comparing two K-category assignments by a K-category
    /// correlation coefficient", 2004.
    pub fn mcc(&self) -> f64 {
        let n = self.rows as f64;
        let correct = self.correct.iter().sum::<u64>() as f64;
        let dot = |a: &[u64], b: &[u64]| {
            crate::metrics::sum(a.iter().zip(b).map(|(&a, &b)| a as f64 * b as f64))
        };
        let both = correct * n - dot(&self.actual, &self.predicted);
        let actual = n * n - dot(&self.actual, &self.actual);
        let predicted = n * n - dot(&self.predicted, &self.predicted);
        if actual == 0.0 || predicted == 0.0 { 0.0 } else { both / (actual * predicted).sqrt() }
    }
}

/// Rows counted by actual class (first index) and predicted class (second).
pub fn confusion_matrix(actual: &[u32], predicted: &[u32], n_classes: usize) -> Vec<Vec<u32>> {
    let mut matrix = vec![vec![0; n_classes]; n_classes];
    for (&actual, &predicted) in actual.iter().zip(predicted) {
        let row = matrix.get_mut(actual as usize);
        if let Some(count) = row.and_then(|row| row.get_mut(predicted as usize)) {
            *count += 1;
        }
    }
    matrix
}
