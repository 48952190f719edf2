//! Drift of all columns together: whether a classifier tells new rows from training rows.

use hedgerow_data::{Column, DEFAULT_SEED, Fold, Table, sort_indices, stratified_k_folds};
use hedgerow_evaluate::columns_for;
use hedgerow_evaluate::metrics::Ranking;
use hedgerow_learn::boosting::GradientBoosting;
use hedgerow_learn::{TaskChoice, TrainOptions, train};
use hedgerow_model::{Kind, Model};
use hedgerow_monitor::{Finding, FindingCode, feature};
use serde::{Deserialize, Serialize};

use crate::RenewError;
use crate::rows::{evenly, joined, known, of_kind, unused};

/// Rows of each side below which chance alone may pass for drift: with 50 the area of a classifier that knows
/// nothing has a standard deviation of 0.058, so it is above 0.65 less than once in a hundred times.
const LEAST_ROWS: usize = 50;

/// How far below 0.5 the area is at least where new rows are copies of training rows: see [`Domain::roc_auc`]. With
/// few rows chance goes farther, so it is four standard deviations then.
const COPIES: f64 = 0.05;

/// How rows are told apart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DomainOptions {
    /// The area under the ROC curve above which there is drift, 0.5 to 1. Default 0.65, as NannyML has it: it
    /// says how far apart the rows are, where a percentile of random classifiers (Evidently's convention for
    /// texts) finds any difference at all once there are rows enough.
    pub threshold: f64,
    /// Rows of each side at most: an even sample of more. Default 10,000.
    pub max_rows: usize,
    /// Folds, 2 to 20. Default 5.
    pub folds: usize,
    /// Default 42.
    pub seed: u64,
}

impl Default for DomainOptions {
    fn default() -> Self {
        Self { threshold: 0.65, max_rows: 10_000, folds: 5, seed: DEFAULT_SEED }
    }
}

impl DomainOptions {
    fn check(&self) -> Result<(), RenewError> {
        let bad = |option, value: String, expected| {
            Err(RenewError::BadOption { option, value, expected })
        };
        if !(0.5..=1.0).contains(&self.threshold) {
            return bad("threshold", self.threshold.to_string(), "from 0.5 to 1");
        }
        if self.max_rows < LEAST_ROWS {
            return bad("maxRows", self.max_rows.to_string(), "at least 50");
        }
        if !(2..=20).contains(&self.folds) {
            return bad("folds", self.folds.to_string(), "from 2 to 20");
        }
        Ok(())
    }
}

/// How well new rows are told from training rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Domain {
    /// Training rows and new rows that were looked at.
    pub reference_rows: usize,
    pub rows: usize,
    /// Area under the ROC curve over rows that the classifier was not trained on, 0 to 1: 0.5 where rows are
    /// alike, 1 where each is told. Well below 0.5 where new rows are copies of training rows: a row whose copy
    /// was trained on is taken for the other side.
    pub roc_auc: f64,
    pub threshold: f64,
    /// Whether the area is above the threshold.
    pub drifted: bool,
    /// The columns that were looked at, the most telling first.
    pub columns: Vec<Teller>,
    /// What is odd about the new rows: columns that are gone, renamed or of another type are not looked at.
    pub findings: Vec<Finding>,
}

/// A column that may tell rows apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Teller {
    pub name: String,
    /// Its part in telling rows apart, by the gain of the splits it makes; all sum to 1. Of rows that are alike
    /// it means nothing.
    pub importance: f64,
}

/// Tells new rows from those that a model was trained on, by what the model reads and both have.
///
/// The classifier is gradient boosting with its defaults, which are LightGBM's (NannyML's classifier is
/// LightGBM), cross-validated over stratified folds: every row is judged by a classifier that did not see it
/// (D. Lopez-Paz and M. Oquab, "Revisiting Classifier Two-Sample Tests", ICLR 2017).
///
/// ```
/// use hedgerow_data::{CsvOptions, read_csv};
/// use hedgerow_learn::{TrainOptions, train};
/// use hedgerow_renew::{DomainOptions, told_apart};
///
/// let rows = |more: usize| -> String { (0..200).map(|n| format!("{},{n}.5\n", n % 37 + more)).collect() };
/// let table = |more| read_csv(format!("x,y\n{}", rows(more)).as_bytes(), &CsvOptions::default());
/// let model = train(&table(0)?, TrainOptions::new("y"))?;
/// let found = told_apart(&model, &table(0)?, &table(30)?, &DomainOptions::default())?;
/// assert!(found.drifted && found.columns[0].name == "x");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`RenewError::TooFewRows`] for less than 50 rows on a side; [`RenewError::NothingInCommon`];
/// [`RenewError::BadOption`]; [`RenewError::Evaluate`] where the training rows do not fit the model.
pub fn told_apart(
    model: &Model,
    reference: &Table,
    new: &Table,
    options: &DomainOptions,
) -> Result<Domain, RenewError> {
    options.check()?;
    columns_for(model, reference)?;
    enough("training rows", reference)?;
    enough("new rows", new)?;
    let (reference, new) = (evenly(reference, options.max_rows), evenly(new, options.max_rows));
    let mut findings = Vec::new();
    let mut columns = common(model, &reference, &new, &mut findings)?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let side = side(&names, reference.rows(), new.rows());
    let target = side.name.clone();
    let folds = stratified_k_folds(&side, options.folds, options.seed, true)?;
    columns.push(side);
    let judged = judged(&Table::new(columns)?, &target, &folds, options)?;
    let is_new = |row: u32| row as usize >= reference.rows();
    let ranking = Ranking::new(judged.scores.iter().map(|&(row, score)| (score, is_new(row))));
    let roc_auc = ranking.roc_auc().unwrap_or(0.5);
    let (n, m) = (reference.rows() as f64, new.rows() as f64);
    // Of the area of a classifier that knows nothing (Mann and Whitney 1947).
    let chance = ((n + m + 1.0) / (12.0 * n * m)).sqrt();
    findings.extend((roc_auc < 0.5 - COPIES.max(4.0 * chance)).then(copies));
    Ok(Domain {
        reference_rows: reference.rows(),
        rows: new.rows(),
        roc_auc,
        threshold: options.threshold,
        drifted: roc_auc > options.threshold,
        columns: ordered(&names, &judged.importances),
        findings,
    })
}

fn enough(what: &'static str, table: &Table) -> Result<(), RenewError> {
    let rows = table.rows();
    match rows < LEAST_ROWS {
        true => Err(RenewError::TooFewRows { what, rows, needed: LEAST_ROWS }),
        false => Ok(()),
    }
}

/// The columns that both sides have, training rows first.
fn common(
    model: &Model,
    reference: &Table,
    new: &Table,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Column>, RenewError> {
    let mut columns = Vec::new();
    for field in model.schema.features.iter().filter(|field| field.kind != Kind::Text) {
        let found = feature(field, new, findings);
        let Some(found) = found.filter(|column| column.n_missing() < column.len()) else {
            continue;
        };
        let found = of_kind(field, found.into_owned());
        columns.push(joined(known(field, reference)?, found));
    }
    if columns.is_empty() { Err(RenewError::NothingInCommon) } else { Ok(columns) }
}

/// Which side each row is of, under a name that no column has.
fn side(names: &[String], reference: usize, new: usize) -> Column {
    let name = unused("side", |name| names.iter().any(|other| other == name));
    let codes = (0..reference + new).map(|row| u32::from(row >= reference)).collect();
    Column::categories(name, codes, ["reference", "serving"].iter().collect())
}

/// Out-of-fold scores, and the features' importance, summed over the folds.
struct Judged {
    scores: Vec<(u32, f64)>,
    importances: Vec<f64>,
}

fn judged(
    table: &Table,
    target: &str,
    folds: &[Fold],
    options: &DomainOptions,
) -> Result<Judged, RenewError> {
    let mut judged =
        Judged { scores: Vec::new(), importances: vec![0.0; table.columns().len() - 1] };
    for Fold { train: fit, test } in folds {
        let wanted = TrainOptions {
            target: Some(target.to_owned()),
            task: TaskChoice::Classification,
            seed: options.seed,
            ..TrainOptions::without_target(GradientBoosting::default())
        };
        let teller = train(&table.take(fit), wanted)?;
        let rows = table.take(test);
        let said = teller.predict(&columns_for(&teller, &rows)?.raw())?;
        judged.scores.extend((0..).zip(test).map(|(index, &row)| (row, said.row(index)[1])));
        for (field, importance) in
            teller.schema.features.iter().zip(&teller.provenance.feature_importances)
        {
            judged.importances[table.position(&field.name)?] += importance;
        }
    }
    Ok(judged)
}

fn ordered(names: &[String], importances: &[f64]) -> Vec<Teller> {
    let total: f64 = importances.iter().sum();
    let share = |importance: f64| if total > 0.0 { importance / total } else { 0.0 };
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    let of = |index: u32| importances[index as usize];
    sort_indices(&mut order, &|a, b| of(b).total_cmp(&of(a)));
    let teller =
        |index: u32| Teller { name: names[index as usize].clone(), importance: share(of(index)) };
    order.into_iter().map(teller).collect()
}

fn copies() -> Finding {
    let message = "Many of the new rows are copies of training rows.".to_owned();
    Finding { code: FindingCode::CopiedRows, column: String::new(), message }
}
