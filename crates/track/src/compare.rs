//! Runs side by side: what differs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::error::Result;
use crate::runs::Run;
use crate::workspace::Workspace;

/// Several runs, and by name what each has; `null` where one has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Comparison {
    pub runs: Vec<Run>,
    /// Those first that differ.
    pub params: Vec<Difference>,
    pub metrics: Vec<MetricDifference>,
}

/// A parameter of several runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Difference {
    pub key: String,
    pub values: Vec<Option<String>>,
    /// Whether not all are the same.
    pub differs: bool,
}

/// A metric of several runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct MetricDifference {
    pub key: String,
    /// The last value of each; what is not a number is none.
    pub values: Vec<Option<f64>>,
}

impl Workspace {
    /// Runs side by side, by their ids.
    ///
    /// # Errors
    /// [`TrackError::Missing`](crate::TrackError::Missing); what storage refuses.
    pub fn compare(&self, ids: &[String]) -> Result<Comparison> {
        let runs: Vec<Run> = ids.iter().map(|id| self.run(id)).collect::<Result<_>>()?;
        Ok(Comparison { params: params(&runs), metrics: metrics(&runs), runs })
    }
}

fn params(runs: &[Run]) -> Vec<Difference> {
    let keys: BTreeSet<&String> = runs.iter().flat_map(|run| run.params.keys()).collect();
    let value = |params: &BTreeMap<String, String>, key: &str| params.get(key).cloned();
    let mut all: Vec<Difference> = keys
        .into_iter()
        .map(|key| {
            let values: Vec<_> = runs.iter().map(|run| value(&run.params, key)).collect();
            let differs = values.windows(2).any(|pair| pair[0] != pair[1]);
            Difference { key: key.clone(), values, differs }
        })
        .collect();
    all.sort_by_key(|difference| !difference.differs);
    all
}

fn metrics(runs: &[Run]) -> Vec<MetricDifference> {
    let keys: BTreeSet<&String> =
        runs.iter().flat_map(|run| run.metrics.iter().map(|point| &point.key)).collect();
    let value = |run: &Run, key: &str| run.metric(key).filter(|value| value.is_finite());
    keys.into_iter()
        .map(|key| MetricDifference {
            key: key.clone(),
            values: runs.iter().map(|run| value(run, key)).collect(),
        })
        .collect()
}
