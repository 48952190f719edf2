//! The metrics of predictions, in the order of [`METRICS`], and the one that decides.

use hedgerow_data::nearest_name;
use hedgerow_evaluate::{
    ClassificationMetrics, METRICS, MetricInfo, RegressionMetrics, metrics::Areas,
    metrics::Probabilities,
};
use serde_json::Value;

use crate::LearnError;
use crate::declare::camel_case;
use crate::forest::Target;

/// The metrics of a task.
#[derive(Debug)]
pub(super) struct Metrics {
    pub all: Vec<&'static MetricInfo>,
    /// Which of them decides.
    pub chosen: usize,
}

impl Metrics {
    /// # Errors
    /// [`LearnError::UnknownMetric`]; [`LearnError::WrongMetric`] for one of the other task.
    pub fn new(target: &Target, name: Option<&str>) -> Result<Self, LearnError> {
        let two = [0.0, 1.0];
        let (example, task, default) = match target {
            Target::Classes { .. } => {
                let metrics = ClassificationMetrics::of(&[0, 1], &Probabilities::constant(&two, 2));
                (json(&metrics), "class", "accuracy")
            }
            Target::Values(_) => (json(&RegressionMetrics::of(&two, &two)), "number", "r2"),
        };
        let all: Vec<_> = METRICS.iter().filter(|info| example.get(info.name).is_some()).collect();
        let name = name.map_or(default.to_owned(), camel_case);
        match all.iter().position(|info| info.name == name) {
            Some(chosen) => Ok(Self { all, chosen }),
            None => Err(refuse(name, task, &all)),
        }
    }

    pub fn info(&self) -> &'static MetricInfo {
        self.all[self.chosen]
    }

    /// Whether the score `a` is better than `b`.
    pub fn is_better(&self, a: f64, b: f64) -> bool {
        if self.info().higher_is_better { a > b } else { a < b }
    }

    /// The areas under the curves of the next class of those that metrics need; what comes before is
    /// known. `None` when all are.
    pub fn area(target: &Target, rows: &[u32], outputs: &[f64], before: &[Areas]) -> Option<Areas> {
        let Target::Classes { codes, n } = target else { return None };
        let class = before.len();
        let actual = || -> Vec<u32> { rows.iter().map(|&row| codes[row as usize]).collect() };
        let area = || Areas::of_class(&actual(), &Probabilities::new(outputs, *n), class);
        (class < *n).then(area)
    }

    /// Every metric of outputs for `rows`; NaN where one is undefined.
    pub fn measure(&self, target: &Target, rows: &[u32], outputs: Outputs) -> Vec<f64> {
        let measured = match target {
            Target::Classes { codes, n } => {
                let actual: Vec<u32> = rows.iter().map(|&row| codes[row as usize]).collect();
                json(&match outputs {
                    Outputs::Rows(values, areas) => {
                        let probabilities = Probabilities::new(values, *n);
                        ClassificationMetrics::with_areas(&actual, &probabilities, areas)
                    }
                    Outputs::Constant(shares) => {
                        let probabilities = Probabilities::constant(shares, actual.len());
                        ClassificationMetrics::of(&actual, &probabilities)
                    }
                })
            }
            Target::Values(values) => {
                let actual: Vec<f64> = rows.iter().map(|&row| values[row as usize]).collect();
                let constant = |values: &[f64]| vec![values[0]; actual.len()];
                json(&match outputs {
                    Outputs::Rows(values, _) => RegressionMetrics::of(&actual, values),
                    Outputs::Constant(values) => RegressionMetrics::of(&actual, &constant(values)),
                })
            }
        };
        let value = |info: &&MetricInfo| measured.get(info.name).and_then(Value::as_f64);
        self.all.iter().map(|info| value(info).unwrap_or(f64::NAN)).collect()
    }
}

/// What was predicted.
#[derive(Clone, Copy)]
pub(super) enum Outputs<'a> {
    /// Row by row; and the areas under the curves of every class.
    Rows(&'a [f64], &'a [Areas]),
    /// The same for every row.
    Constant(&'a [f64]),
}

fn json(metrics: &impl serde::Serialize) -> Value {
    serde_json::to_value(metrics).unwrap_or_default()
}

fn refuse(name: String, task: &'static str, all: &[&MetricInfo]) -> LearnError {
    let names = all.iter().map(|info| info.name);
    let known = names.clone().collect::<Vec<_>>().join(", ");
    if METRICS.iter().any(|info| info.name == name) {
        return LearnError::WrongMetric { name, task, known };
    }
    LearnError::UnknownMetric { nearest: nearest_name(&name, names), name, known }
}
