//! How `hedgerow monitor check` looks for drift.

use clap::Args;
use hedgerow_monitor::{DriftOptions, Test};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

#[derive(Args)]
pub struct DriftArgs {
    /// A test for all columns that it fits: kolmogorov-smirnov, chi-square, z-test, wasserstein, jensen-shannon or psi.
    /// Default: by type and number of rows, as Evidently chooses.
    #[arg(long, value_parser = parse_test)]
    test: Option<Test>,
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

impl DriftArgs {
    pub fn options(&self) -> DriftOptions {
        let defaults = DriftOptions::default();
        DriftOptions {
            drift_share: self.drift_share.unwrap_or(defaults.drift_share),
            significance: self.significance.unwrap_or(defaults.significance),
            distance: self.distance.unwrap_or(defaults.distance),
            test: self.test,
        }
    }
}

/// By the names that rules and reports have, with hyphens or underscores.
fn parse_test(text: &str) -> Result<Test, String> {
    let name = text.replace('-', "_");
    Test::deserialize(name.as_str().into_deserializer()).map_err(|error: Error| error.to_string())
}
