//! `TreeEnsembleRegressor` and `TreeEnsembleClassifier`, whose leaves add to scores.

mod bins;
mod grow;
mod nodes;
mod threshold;

use hedgerow_model::{Combine, Estimator, Link, TreeEnsemble};

use super::{classes, post_transform};
use crate::ImportError;
use crate::graph::{Fitted, Step, Walk};
use bins::Columns;
use grow::Grown;
use nodes::Forest;

pub fn regressor(walk: &Walk, step: &Step) -> Result<Fitted, ImportError> {
    if step.attributes.int("n_targets").unwrap_or(1) != 1 {
        return Err(step.refuse("it predicts several numbers"));
    }
    if post_transform(step) != "NONE" {
        return Err(step.refuse("it transforms what it predicts"));
    }
    let mut forest = Forest::read(step, "target")?;
    match step.attributes.text("aggregate_function").unwrap_or("SUM") {
        "SUM" => {}
        "AVERAGE" => forest.scale(1.0 / forest.roots.len() as f64),
        _ => return Err(step.refuse("it neither adds leaves up nor averages them")),
    }
    let base = base_values(step, 1)?;
    fitted(walk, step, &forest, Shape::Scores { base, link: Link::Identity }, None)
}

pub fn classifier(walk: &Walk, step: &Step) -> Result<Fitted, ImportError> {
    let classes = classes(step, "classlabels_int64s", "classlabels_strings")?;
    let mut forest = Forest::read(step, "class")?;
    // Where leaves tell of one of two classes, it is the second, whatever its number.
    let single = classes.len() == 2 && forest.tell_of_one_class();
    if single {
        forest.call_the_class(0);
    }
    let n_scores = if single { 1 } else { classes.len() };
    let base = base_values(step, n_scores)?;
    let shape = match (post_transform(step), single) {
        ("LOGISTIC", true) => Shape::Scores { base, link: Link::Logistic },
        ("SOFTMAX", false) => Shape::Scores { base, link: Link::Softmax },
        ("NONE", _) if base.iter().all(|&base| base == 0.0) && forest.are_shares() => {
            Shape::Shares { classes: classes.len(), single }
        }
        _ => return Err(step.refuse("its scores become no probabilities of its classes")),
    };
    fitted(walk, step, &forest, shape, Some(classes))
}

fn base_values(step: &Step, n_scores: usize) -> Result<Vec<f64>, ImportError> {
    let base = step.attributes.numbers("base_values").unwrap_or_default();
    match (base.len(), n_scores) {
        (0, _) => Ok(vec![0.0; n_scores]),
        (2, 1) => Ok(vec![base[1]]),
        (given, _) if given == n_scores => Ok(base),
        _ => Err(step.damaged("it has not one base value a score")),
    }
}

/// What leaves hold.
enum Shape {
    /// A number each, for one of the scores.
    Scores { base: Vec<f64>, link: Link },
    /// The shares of all classes; of two, `single` ones hold the second's.
    Shares { classes: usize, single: bool },
}

fn fitted(
    walk: &Walk,
    step: &Step,
    forest: &Forest,
    shape: Shape,
    classes: Option<Vec<String>>,
) -> Result<Fitted, ImportError> {
    let (features, precision) = walk.features(step, 0)?;
    let columns = Columns::of(features, precision, forest, step)?;
    let mut grown = Grown::new(&columns, forest);
    let (n_outputs, combine) = match shape {
        Shape::Scores { base, link } => {
            grown.scores(base.len(), step, &walk.budget)?;
            (1, Combine::Sum { base, link })
        }
        Shape::Shares { classes, single } => {
            grown.shares(classes, single, step, &walk.budget)?;
            (classes, Combine::Mean)
        }
    };
    let Grown { roots, feature, split, child, category_sets, values, .. } = grown;
    let (preparation, bins) = columns.finish();
    let rows = Vec::new();
    let estimator = Estimator::Trees(TreeEnsemble {
        bins,
        roots,
        feature,
        split,
        child,
        category_sets,
        n_outputs,
        values,
        rows,
        combine,
    });
    Ok(Fitted { preparation, estimator, classes })
}
