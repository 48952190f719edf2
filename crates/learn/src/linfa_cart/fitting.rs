//! linfa-trees' tree as the pipeline drives it: all of it is one step.

use hedgerow_data::sorted_numbers;
use hedgerow_model::Estimator;
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_trees::{DecisionTree, SplitQuality};
use ndarray::{Array1, Array2};

use super::LinfaCart;
use super::class::{Class, MAX_CLASSES};
use super::tree::{Rows, convert};
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::forest::Target;
use crate::learner::Recipe;
use crate::{LearnError, TaskChoice};

const MAX_ROWS: usize = 50_000;
const MAX_CELLS: usize = 1_000_000;

/// `f32` counts up to here by ones.
const MAX_WEIGHT: f64 = (1u32 << 24) as f64;

impl Recipe for LinfaCart {
    const TASKS: &'static [TaskChoice] = &[TaskChoice::Classification];
    const ONE_STEP: bool = true;

    fn needs(&self) -> Needs {
        Needs::Numbers { standardize: false, ordinal: true, missing: false }
    }

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        let x = work.numbers()?;
        let Target::Classes { codes, n } = work.target else {
            return Err(LearnError::BadJob { reason: "linfa-cart needs classes".to_owned() });
        };
        at_most("rows", x.nrows(), MAX_ROWS)?;
        at_most("cells of features", x.len(), MAX_CELLS)?;
        at_most("classes", n, MAX_CLASSES)?;
        let known = (0..x.ncols()).map(|feature| distinct(&x, feature)).collect();
        let rows = Rows { x, known, classes: codes, n_classes: n, weights: work.weights };
        Ok(Box::new(CartFitting { params: self.clone(), rows, fitted: None }))
    }
}

fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), LearnError> {
    if found <= limit {
        return Ok(());
    }
    Err(LearnError::TooLarge { learner: "linfa-cart", what, found, limit })
}

/// A feature's values, ascending, each once.
fn distinct(x: &Array2<f64>, feature: usize) -> Vec<f64> {
    let mut known = sorted_numbers(&x.column(feature).to_vec());
    known.dedup();
    known
}

struct CartFitting {
    params: LinfaCart,
    rows: Rows,
    fitted: Option<Fitted>,
}

impl CartFitting {
    fn fit(&self) -> Result<Fitted, LearnError> {
        let rows = &self.rows;
        let ranks =
            Array2::from_shape_fn(rows.x.dim(), |(row, feature)| rows.rank(row, feature) as f64);
        let classes: Array1<Class> = rows.classes.iter().map(|&code| Class(code as u8)).collect();
        let (weights, a_row) = whole_weights(rows.weights.as_deref());
        let data = Dataset::new(ranks, classes).with_weights(weights.into());
        let params = &self.params;
        let tree = DecisionTree::params()
            .split_quality(SplitQuality::Gini)
            .max_depth(Some(params.max_depth as usize))
            .min_weight_leaf((params.min_weight_leaf * a_row).max(1.0) as f32)
            .min_weight_split(params.min_weight_split as f32)
            .min_impurity_decrease(params.min_impurity_decrease)
            .fit(&data)?;
        // Nothing is 0 / 0 where no feature was split by.
        let shares = tree.feature_importance().into_iter();
        let importances = shares.map(|share| if share.is_finite() { share } else { 0.0 });
        Ok(Fitted {
            importances: importances.collect(),
            estimator: Estimator::Trees(convert(tree.root_node(), rows)),
            metrics: Default::default(),
            history: Default::default(),
        })
    }
}

/// Weights in whole numbers, whose sums in `f32` are exact in any order, and how much weight 1 is
/// among them. No weights for rows that all count 1.
fn whole_weights(weights: Option<&[f64]>) -> (Vec<f32>, f64) {
    let Some(weights) = weights else { return (Vec::new(), 1.0) };
    let total: f64 = weights.iter().sum();
    if total <= MAX_WEIGHT && weights.iter().all(|weight| weight.fract() == 0.0) {
        return (weights.iter().map(|&weight| weight as f32).collect(), 1.0);
    }
    // Rounding adds less than 1 a row.
    let most = MAX_WEIGHT - weights.len() as f64;
    let whole = |weight: &f64| libm::round(weight / total * most) as f32;
    (weights.iter().map(whole).collect(), most / total)
}

impl Fitting for CartFitting {
    fn total(&self) -> usize {
        1
    }

    fn step(&mut self, _index: usize) -> Result<(), LearnError> {
        self.fitted = Some(self.fit()?);
        Ok(())
    }

    fn done(&self) -> usize {
        usize::from(self.fitted.is_some())
    }

    fn score(&self) -> Option<Score> {
        None
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        let missing = || LearnError::BadJob { reason: "the tree has not been grown".to_owned() };
        self.fitted.ok_or_else(missing)
    }
}
