//! Every learner as linfa has learners: `Fit` on arrays, `PredictInplace` of what came out.
//!
//! Targets are `f64` for numbers and `usize` for classes. Missing numbers are NaN. The data set's
//! weights count where there is one a row. A learner of anomalies takes no notice of the targets, which
//! are classes, and predicts 1 for an anomaly and 0 for all else.
//!
//! ```
//! use hedgerow_learn::{Params, forest::RandomForest};
//! use linfa::traits::{Fit, Predict};
//! use linfa::Dataset;
//! use ndarray::{Array2, array};
//!
//! let x: Array2<f64> = array![[1.0], [2.0], [3.0], [10.0], [11.0], [12.0]];
//! let data = Dataset::new(x, array![0usize, 0, 0, 1, 1, 1]);
//! let model = Params::new(RandomForest::default(), 42).fit(&data)?;
//! assert_eq!(model.predict(&data), array![0, 0, 0, 1, 1, 1]);
//! # Ok::<(), hedgerow_learn::LearnError>(())
//! ```

use std::marker::PhantomData;

use hedgerow_data::{Column, Table, Values};
use hedgerow_model::{Kind, Model, ModelError, Prediction, Raw};
use linfa::dataset::DatasetBase;
use linfa::traits::{Fit, PredictInplace};
use linfa::{Float, ParamGuard};
use ndarray::{Array1, ArrayBase, ArrayView2, Data, Ix1, Ix2};

use crate::{LearnError, Learner, TaskChoice, TrainOptions, train};

const TARGET: &str = "target";
const WEIGHT: &str = "weight";

/// A learner and the seed of its fits; not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Params(ValidParams);

/// A learner whose parameters were checked, and the seed of its fits.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidParams {
    learner: Learner,
    seed: u64,
}

/// A model fitted on an array.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedOn<E> {
    model: Model,
    target: PhantomData<E>,
}

impl Params {
    /// A learner with a seed, 0 to 2^53 - 1.
    pub fn new(learner: impl Into<Learner>, seed: u64) -> Self {
        Self(ValidParams { learner: learner.into(), seed })
    }
}

impl ParamGuard for Params {
    type Checked = ValidParams;
    type Error = LearnError;

    fn check_ref(&self) -> Result<&ValidParams, LearnError> {
        self.0.learner.check()?;
        Ok(&self.0)
    }

    fn check(self) -> Result<ValidParams, LearnError> {
        self.0.learner.check()?;
        Ok(self.0)
    }
}

/// What can be predicted for an array: numbers (`f64`) and classes (`usize`).
pub trait ArrayTarget: Copy + Default {
    const TASK: TaskChoice;
    fn to_number(self) -> f64;
    /// The prediction of a row.
    fn of(prediction: &Prediction, classes: &[Self], row: usize) -> Self;
    /// The class of that label.
    fn from_label(label: &str) -> Self;
}

impl ArrayTarget for f64 {
    const TASK: TaskChoice = TaskChoice::Regression;

    fn to_number(self) -> f64 {
        self
    }
    fn of(prediction: &Prediction, _: &[Self], row: usize) -> Self {
        prediction.values[row]
    }
    fn from_label(_: &str) -> Self {
        0.0
    }
}

impl ArrayTarget for usize {
    const TASK: TaskChoice = TaskChoice::Classification;

    fn to_number(self) -> f64 {
        self as f64
    }
    fn of(prediction: &Prediction, classes: &[Self], row: usize) -> Self {
        let class = match (prediction.threshold, prediction.row(row)) {
            (Some(threshold), &[_, second]) => usize::from(second >= threshold),
            _ => prediction.class(row),
        };
        classes.get(class).copied().unwrap_or_default()
    }
    fn from_label(label: &str) -> Self {
        // The labels of what was not learned from a target.
        if label == "anomaly" { 1 } else { label.parse().unwrap_or_default() }
    }
}

impl<F, D, T> Fit<ArrayBase<D, Ix2>, ArrayBase<T, Ix1>, LearnError> for ValidParams
where
    F: Float,
    D: Data<Elem = F>,
    T: Data,
    T::Elem: ArrayTarget,
{
    type Object = FittedOn<T::Elem>;

    fn fit(
        &self,
        dataset: &DatasetBase<ArrayBase<D, Ix2>, ArrayBase<T, Ix1>>,
    ) -> Result<Self::Object, LearnError> {
        let records = dataset.records.view();
        let mut columns = feature_columns(&records);
        let unsupervised =
            self.learner.finds_anomalies() && T::Elem::TASK == TaskChoice::Classification;
        if !unsupervised {
            let targets = dataset.targets.iter().map(|target| target.to_number()).collect();
            columns.push(number_column(TARGET.to_owned(), targets));
        }
        let weights = dataset.weights().filter(|weights| weights.len() == records.nrows());
        if let Some(weights) = weights {
            let weights = weights.iter().copied().map(f64::from).collect();
            columns.push(number_column(WEIGHT.to_owned(), weights));
        }
        let options = TrainOptions {
            seed: self.seed,
            target: (!unsupervised).then(|| TARGET.to_owned()),
            task: if unsupervised { TaskChoice::Anomaly } else { T::Elem::TASK },
            sample_weight: weights.map(|_| WEIGHT.to_owned()),
            ..TrainOptions::without_target(self.learner.clone())
        };
        let model = train(&Table::new(columns)?, options)?;
        Ok(FittedOn { model, target: PhantomData })
    }
}

fn feature_columns<F: Float>(records: &ArrayView2<F>) -> Vec<Column> {
    let values = |index| records.column(index).iter().map(|&value| to_f64(value)).collect();
    (0..records.ncols()).map(|index| number_column(format!("x{index}"), values(index))).collect()
}

fn number_column(name: String, values: Vec<f64>) -> Column {
    Column { name, kind: Kind::Number, values: Values::Numbers(values) }
}

/// Each number that the model refuses is made a missing one.
fn predict(model: &Model, mut columns: Vec<Column>) -> Prediction {
    loop {
        let raw: Vec<Raw> = columns.iter().map(Column::raw).collect();
        let (column, row) = match model.predict(&raw) {
            Err(ModelError::NotFinite { column, row }) => (column, row as usize - 1),
            result => return result.expect("numbers, one column a feature"),
        };
        let refused = columns.iter_mut().find(|other| other.name == column);
        if let Some(Values::Numbers(values)) = refused.map(|column| &mut column.values) {
            let size = values[row].abs();
            assert!(!size.is_nan(), "what is filled in for a missing number is finite");
            values.iter_mut().filter(|x| x.abs() >= size).for_each(|x| *x = f64::NAN);
        }
    }
}

fn to_f64<F: Float>(value: F) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

impl<E> FittedOn<E> {
    /// The model, as `train` gives it; its columns are called `x0`, `x1`, …
    pub fn model(&self) -> &Model {
        &self.model
    }
}

impl<F, D, E> PredictInplace<ArrayBase<D, Ix2>, Array1<E>> for FittedOn<E>
where
    F: Float,
    D: Data<Elem = F>,
    E: ArrayTarget,
{
    /// There is no error to return: what the model cannot calculate with, such as an infinite number,
    /// counts as missing.
    ///
    /// # Panics
    /// As linfa's own models: when `y` has another length than `x` has rows, or `x` another number
    /// of columns than the model was fitted on.
    fn predict_inplace<'a>(&'a self, x: &'a ArrayBase<D, Ix2>, y: &mut Array1<E>) {
        assert_eq!(x.nrows(), y.len(), "there is one target a row");
        assert_eq!(x.ncols(), self.model.schema.features.len(), "columns are those of the fit");
        let prediction = predict(&self.model, feature_columns(&x.view()));
        let labels = self.model.schema.task.classes();
        let classes: Vec<E> = labels.iter().map(|label| E::from_label(label)).collect();
        y.iter_mut().enumerate().for_each(|(row, y)| *y = E::of(&prediction, &classes, row));
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<E> {
        Array1::from_elem(x.nrows(), E::default())
    }
}
