//! How `hedgerow monitor check` looks for drift.

use clap::{Args, ValueEnum};
use hedgerow_monitor::{DriftOptions, Test};

#[derive(Args)]
pub struct DriftArgs {
    /// A test for all columns that it fits. Default: by type and number of rows, as Evidently chooses.
    #[arg(long, value_enum)]
    test: Option<TestArg>,
    /// The p-value below which a test finds drift, 0 to 1. Default 0.05.
    #[arg(long)]
    significance: Option<f64>,
    /// The distance from which on one finds drift, 0 or more. Default 0.1.
    #[arg(long)]
    distance: Option<f64>,
    /// The share of features that must have drifted for the data to have drifted, 0 to 1, as the report has it. Default
    /// 0.5. Rules have bounds of their own.
    #[arg(long)]
    drift_share: Option<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TestArg {
    KolmogorovSmirnov,
    ChiSquare,
    ZTest,
    Wasserstein,
    JensenShannon,
    Psi,
}

impl DriftArgs {
    pub fn options(&self) -> DriftOptions {
        let defaults = DriftOptions::default();
        DriftOptions {
            drift_share: self.drift_share.unwrap_or(defaults.drift_share),
            significance: self.significance.unwrap_or(defaults.significance),
            distance: self.distance.unwrap_or(defaults.distance),
            test: self.test.map(Into::into),
        }
    }
}

impl From<TestArg> for Test {
    fn from(test: TestArg) -> Self {
        match test {
            TestArg::KolmogorovSmirnov => Self::KolmogorovSmirnov,
            TestArg::ChiSquare => Self::ChiSquare,
            TestArg::ZTest => Self::ZTest,
            TestArg::Wasserstein => Self::Wasserstein,
            TestArg::JensenShannon => Self::JensenShannon,
            TestArg::Psi => Self::Psi,
        }
    }
}
