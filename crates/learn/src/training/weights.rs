//! How much each row counts.

use hedgerow_data::{Table, Values};

use super::TrainOptions;
use crate::LearnError;
use crate::forest::{ClassWeight, Target};
use crate::target::ReadTarget;

/// The product of the sample weights and the class weights, or `None` when all rows count 1.
pub(super) fn read_weights(
    table: &Table,
    options: &TrainOptions,
    class_weight: &ClassWeight,
    target: &ReadTarget,
) -> Result<Option<Vec<f64>>, LearnError> {
    let samples = options.sample_weight.as_deref().map(|name| sample_weights(table, name));
    let samples = samples.transpose()?;
    let Target::Classes { codes, n } = &target.target else {
        return Ok(samples);
    };
    let Some(classes) = class_weights(class_weight, codes, *n, target.task.classes())? else {
        return Ok(samples);
    };
    let of_class = codes.iter().map(|&code| classes[code as usize]);
    let weights: Vec<f64> = match samples {
        None => of_class.collect(),
        Some(samples) => samples.iter().zip(of_class).map(|(a, b)| a * b).collect(),
    };
    if !counts(&weights) {
        return Err(LearnError::BadParameter {
            name: "class_weight",
            value: format!("{:?}", Vec::from_iter(target.task.classes().iter().zip(classes))),
            expected: "such that the weights of all rows have a finite sum above 0".into(),
        });
    }
    Ok(Some(weights))
}

/// A total of 0 leaves nothing to learn from, one beyond `f64` cannot be divided by.
fn counts(weights: &[f64]) -> bool {
    let total: f64 = weights.iter().sum();
    total > 0.0 && total.is_finite()
}

fn sample_weights(table: &Table, name: &str) -> Result<Vec<f64>, LearnError> {
    let column = table.column(name)?;
    let bad = |row: usize| LearnError::BadWeight {
        column: name.to_owned(),
        row: row as u64 + 1,
        value: column.text(row).unwrap_or_else(|| "missing".to_owned()),
    };
    let Values::Numbers(values) = &column.values else {
        return Err(bad(0));
    };
    if let Some(row) = values.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
        return Err(bad(row));
    }
    if counts(values) { Ok(values.clone()) } else { Err(bad(0)) }
}

fn class_weights(
    class_weight: &ClassWeight,
    codes: &[u32],
    n: usize,
    labels: &[String],
) -> Result<Option<Vec<f64>>, LearnError> {
    match class_weight {
        ClassWeight::None => Ok(None),
        ClassWeight::Balanced => {
            let mut counts = vec![0u64; n];
            codes.iter().for_each(|&code| counts[code as usize] += 1);
            let rows = codes.len() as f64;
            let weight = |&count: &u64| rows / (n as f64 * count.max(1) as f64);
            Ok(Some(counts.iter().map(weight).collect()))
        }
        ClassWeight::ByLabel(by_label) => {
            if let Some(label) = by_label.keys().find(|label| !labels.contains(label)) {
                let classes = labels.join(", ");
                return Err(LearnError::UnknownClass { label: label.clone(), classes });
            }
            let weight = |label| by_label.get(label).copied().unwrap_or(1.0);
            Ok(Some(labels.iter().map(weight).collect()))
        }
    }
}
