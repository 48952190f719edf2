//! Gradient boosting beside LightGBM on the page's samples; LightGBM's figures come from
//! tests/golden/boosting/make.py.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_learn::{Learner, TrainOptions, train};
use hedgerow_model::Raw;
use serde_json::Value;

const CREDIT: &[u8] = include_bytes!("../../../www/public/samples/credit.csv");
const PENGUINS: &[u8] = include_bytes!("../../../www/public/samples/penguins.csv");
const LIGHTGBM: &str = include_str!("../../../tests/golden/boosting/lightgbm.json");

fn lightgbm(figure: &str) -> f64 {
    serde_json::from_str::<Value>(LIGHTGBM).unwrap()[figure].as_f64().unwrap()
}

const FOLDS: usize = 5;

/// The mean of a figure over folds, in each of which every fifth row is kept for testing.
fn mean(csv: &[u8], target: &str, figure: impl Fn(&Tested) -> f64) -> f64 {
    (0..FOLDS).map(|fold| figure(&test(csv, target, fold))).sum::<f64>() / FOLDS as f64
}

/// What is predicted for the rows of a fold by a model of the others, and what is true of them.
struct Tested {
    outputs: Vec<Vec<f64>>,
    truth: Vec<String>,
    classes: Vec<String>,
}

fn test(csv: &[u8], target: &str, fold: usize) -> Tested {
    let all = read_csv(csv, &CsvOptions::default()).unwrap();
    let column = all.column(target).unwrap();
    let known: Vec<u32> =
        (0..all.rows() as u32).filter(|&row| !column.is_missing(row as usize)).collect();
    let pick = |test: bool| -> Table {
        let of_part = |at: &usize| (at % FOLDS == fold) == test;
        let rows: Vec<u32> = (0..known.len()).filter(of_part).map(|at| known[at]).collect();
        all.take(&rows)
    };
    let learner = Learner::from_params("gradient-boosting", []).unwrap();
    let model = train(&pick(false), TrainOptions { learner, ..TrainOptions::new(target) }).unwrap();
    let rows = pick(true);
    let fields = model.schema.features.iter();
    let raw: Vec<Raw> = fields.map(|field| rows.column(&field.name).unwrap().raw()).collect();
    let values = model.predict(&raw).unwrap().values;
    let truth = rows.column(target).unwrap();
    Tested {
        outputs: values.chunks(model.schema.task.n_outputs()).map(<[f64]>::to_vec).collect(),
        truth: (0..rows.rows()).map(|row| truth.text(row).unwrap()).collect(),
        classes: model.schema.task.classes().to_vec(),
    }
}

impl Tested {
    fn rows(&self) -> usize {
        self.truth.len()
    }

    fn class(&self, row: usize) -> usize {
        self.classes.iter().position(|class| *class == self.truth[row]).unwrap()
    }

    fn log_loss(&self) -> f64 {
        let loss = |row: usize| -libm::log(self.outputs[row][self.class(row)].max(1e-15));
        (0..self.rows()).map(loss).sum::<f64>() / self.rows() as f64
    }

    /// How often a row of class 1 has more of it than one of class 0.
    fn auc(&self) -> f64 {
        let of_class = |class: usize| -> Vec<f64> {
            let rows = (0..self.rows()).filter(|&row| self.class(row) == class);
            rows.map(|row| self.outputs[row][1]).collect()
        };
        let (ones, zeros) = (of_class(1), of_class(0));
        let beats = |a: f64, b: f64| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
        let above: f64 = ones.iter().flat_map(|&a| zeros.iter().map(move |&b| beats(a, b))).sum();
        above / (ones.len() * zeros.len()) as f64
    }

    fn accuracy(&self) -> f64 {
        let best = |outputs: &[f64]| {
            (0..outputs.len()).max_by(|&a, &b| outputs[a].total_cmp(&outputs[b])).unwrap()
        };
        let right = |&row: &usize| best(&self.outputs[row]) == self.class(row);
        (0..self.rows()).filter(right).count() as f64 / self.rows() as f64
    }

    fn rmse(&self) -> f64 {
        let square = |(outputs, truth): (&Vec<f64>, &String)| {
            let error = outputs[0] - truth.parse::<f64>().unwrap();
            error * error
        };
        let sum: f64 = self.outputs.iter().zip(&self.truth).map(square).sum();
        (sum / self.rows() as f64).sqrt()
    }
}

#[test]
fn credit_is_told_as_well() {
    let (auc, theirs) = (mean(CREDIT, "Status", Tested::auc), lightgbm("credit_auc"));
    assert!(auc > theirs - 0.005, "{auc} {theirs}");
    let (loss, theirs) = (mean(CREDIT, "Status", Tested::log_loss), lightgbm("credit_log_loss"));
    assert!(loss < 1.02 * theirs, "{loss} {theirs}");
}

#[test]
fn species_are_told_as_well() {
    let accuracy = mean(PENGUINS, "species", Tested::accuracy);
    let theirs = lightgbm("species_accuracy");
    assert!(accuracy > theirs - 0.01, "{accuracy} {theirs}");
    let loss = mean(PENGUINS, "species", Tested::log_loss);
    let theirs = lightgbm("species_log_loss");
    assert!(loss < 1.05 * theirs, "{loss} {theirs}");
}

#[test]
fn masses_are_predicted_as_well() {
    let (rmse, theirs) = (mean(PENGUINS, "body_mass_g", Tested::rmse), lightgbm("mass_rmse"));
    assert!(rmse < 1.02 * theirs, "{rmse} {theirs}");
}
