//! A/B tests: which variant is better, whether that can be trusted, and how long to wait.
//!
//! [`compare`] takes an [`Experiment`], which is sums of each variant's outcomes ([`Arm`]) that any number of workers
//! add up, and says it all: whether units were assigned as they should ([`sample_ratio`]), how far each variant is
//! from the control ([`estimate`], [`adjusted`]), whether that is settled however often one looks ([`any_time`]),
//! and what to believe ([`posteriors`]). [`plan`] says before how many units and days it takes.

mod any_time;
mod arm;
mod bayes;
mod compare;
mod cuped;
mod estimate;
mod plan;
mod ratio;
#[cfg(feature = "tables")]
mod rows;
#[cfg(test)]
#[cfg(feature = "tables")]
mod tests;
mod verdict;

pub use any_time::{AnyTime, any_time};
pub use arm::{Arm, Covariate};
pub use bayes::{Posterior, posteriors};
pub use compare::{
    CompareOptions, Comparison, Experiment, ExperimentReport, VariantReport, compare,
};
pub use cuped::{Adjusted, adjusted};
pub use estimate::{Estimate, Untested, estimate};
pub use plan::{Plan, PlanOptions, Units, plan};
pub use ratio::{SampleRatio, sample_ratio};
#[cfg(feature = "tables")]
pub use rows::{RowColumns, Rows, of_rows};
pub use verdict::Verdict;

use crate::MonitorError;
use crate::error::check_option;

/// Standard deviations of an outcome that effects are expected to be, where nobody says otherwise.
const MIXTURE: f64 = 0.05;

fn check_mixture(mixture: f64) -> Result<(), MonitorError> {
    check_option("mixture", mixture, (0.0001..=10.0).contains(&mixture), "0.0001 to 10")
}
