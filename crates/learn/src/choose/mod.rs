//! Choosing: cross-validation, learning curves, comparison and tuning of learners.
//!
//! All four are a [`Plan`]: candidates × levels × folds, where a candidate is a learner with
//! parameters, a level a share of the training rows (or of a parameter such as `n_estimators`) and a
//! fold says which rows are trained on and tested. A [`FoldTask`] names one training of it. The plan
//! follows from table and options alone, so anyone who has both can do any task; a [`Study`] hands
//! tasks out, takes their outcomes in any order and says what follows. Whoever drives it decides
//! what runs where and when to stop; results do not depend on that.

mod adjust;
mod calibrate;
mod findings;
mod folding;
mod metric;
mod options;
mod plan;
mod random;
mod report;
mod space;
mod statistics;
mod study;
mod task;
#[cfg(test)]
mod tests;
mod threshold;

pub use adjust::AdjustOptions;
pub use calibrate::CalibrationMethod;
pub use options::{
    CurveOptions, FoldSplit, Folding, StudyKind, StudyOptions, TuneOptions, TuneStrategy,
};
pub use plan::{FoldTask, Level, Plan};
pub use report::{
    Comparison, Contender, CrossValidation, CurvePoint, Estimate, Failure, FoldResult,
    LearningCurve, StudyReport, Trial, Tuning,
};
pub use statistics::{corrected_t_test, student_t_two_sided};
pub use study::{Study, StudyProgress};
pub use task::{Outcome, TaskFit};
pub use threshold::{ErrorCosts, ThresholdChoice};
