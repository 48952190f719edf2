//! A workflow for GitHub Actions.

use std::path::PathBuf;

use super::RetrainArgs;

const WORKFLOW: &str = include_str!("workflow.yml");

/// The workflow, with the model and the files that were named.
pub fn text(args: &RetrainArgs) -> String {
    let named = |path: &Option<PathBuf>, default: &str| {
        let text = path.as_ref().map(|path| path.to_string_lossy().into_owned());
        // Text in JSON is text in YAML.
        serde_json::Value::from(text.unwrap_or_else(|| default.to_owned())).to_string()
    };
    WORKFLOW
        .replace("\"MODEL\"", &named(&args.model, "penguins@champion"))
        .replace("\"DATA\"", &named(&args.data, "data/new.csv"))
        .replace("\"POLICY\"", &named(&args.policy, ""))
        .replace("\"TRACK\"", &named(&Some(args.record.store.track.clone()), ""))
}
