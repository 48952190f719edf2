//! Data sets that went into runs.

use std::collections::BTreeMap;

use hedgerow_data::ColumnSummary;
use hedgerow_model::Kind;
use serde_json::{Value, json};

use super::Push;
use super::job::Step;
use crate::mlflow::Result;
use crate::mlflow::http::HttpRequest;
use crate::mlflow::keys::shortened;
use crate::runs::Run;
use crate::workspace::Workspace;

/// Characters of a data set's digest, at most.
const DIGEST: usize = 36;
/// Bytes of a data set's schema that every server keeps.
const SCHEMA: usize = 65_535;
/// Bytes of a data set's profile, so that a request has less than a megabyte.
const PROFILE: usize = 500_000;

impl Push {
    pub(super) fn input(&self, workspace: &Workspace, id: &str, dataset: &str) -> Result<Step> {
        let contexts = datasets(&workspace.run(id)?).remove(dataset).unwrap_or_default();
        let found = workspace.dataset(dataset)?;
        let digest: String = dataset.chars().take(DIGEST).collect();
        let body = json!({
            "run_id": self.remote_id(workspace, id)?,
            "datasets": [{
                "tags": [{ "key": "mlflow.data.context", "value": shortened(&contexts, 500) }],
                "dataset": {
                    "name": found.name,
                    "digest": digest,
                    "source_type": "local",
                    "source": json!({ "uri": found.name, "sha256": found.id }).to_string(),
                    "schema": schema(&found.profile),
                    "profile": profile(found.rows, &found.profile),
                },
            }],
        });
        let request = HttpRequest::post("runs/log-inputs", &body);
        self.unless_sent(workspace, "input", format!("{id} {dataset}"), request)
    }
}

/// The data sets of a run, each with what it was used for.
pub fn datasets(run: &Run) -> BTreeMap<String, String> {
    let mut datasets: BTreeMap<String, String> = BTreeMap::new();
    for input in &run.inputs {
        let contexts = datasets.entry(input.dataset.clone()).or_default();
        if !contexts.is_empty() {
            contexts.push_str(", ");
        }
        contexts.push_str(&input.context);
    }
    datasets
}

/// Names and types of the columns as MLflow shows them; without them where there are too many.
fn schema(profile: &[ColumnSummary]) -> String {
    let columns: Vec<Value> = profile.iter().map(column).collect();
    let text = json!({ "mlflow_colspec": columns }).to_string();
    if text.len() <= SCHEMA { text } else { json!({ "mlflow_colspec": [] }).to_string() }
}

fn column(summary: &ColumnSummary) -> Value {
    let kind = match summary.kind {
        Kind::Number => "double",
        Kind::Boolean => "boolean",
        Kind::Date => "datetime",
        Kind::Category | Kind::Text => "string",
    };
    json!({ "type": kind, "name": summary.name, "required": true })
}

/// How many rows, and the columns' summaries where there is room for them.
fn profile(rows: i64, columns: &[ColumnSummary]) -> String {
    let counts = |more: Value| {
        let elements = rows * columns.len() as i64;
        let mut profile = json!({ "num_rows": rows, "num_elements": elements });
        if !more.is_null() {
            profile["columns"] = more;
        }
        profile.to_string()
    };
    let full = counts(serde_json::to_value(columns).unwrap_or_default());
    if full.len() <= PROFILE { full } else { counts(Value::Null) }
}
