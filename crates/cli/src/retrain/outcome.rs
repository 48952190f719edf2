//! What came of it, told.

use std::collections::BTreeMap;

use hedgerow_renew::{Decision, Verdict};
use serde::Serialize;

use super::champion::Champion;
use crate::show::lines;

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The champion, as NAME/3 or by its file.
    champion: String,
    #[serde(flatten)]
    decision: Decision,
    /// What is odd about the new rows.
    notes: Vec<String>,
    /// The run that made the challenger.
    pub run: Option<String>,
    pub verdict: Option<Verdict>,
    /// The challenger, as NAME/4.
    pub version: Option<String>,
    pub promoted: bool,
    pub out: Option<String>,
}

/// What is said of the challenger's run and version.
pub fn tags(champion: &Champion, verdict: &Verdict) -> BTreeMap<String, String> {
    let tag = |name: &str, value: String| (format!("hedgerow.retrain.{name}"), value);
    BTreeMap::from([
        tag("champion", champion.called.clone()),
        tag("metric", verdict.metric.name().to_owned()),
        tag("gain", verdict.gain.to_string()),
        tag("promote", verdict.promote.to_string()),
    ])
}

impl Outcome {
    pub fn new(champion: String, decision: Decision, notes: Vec<String>) -> Self {
        let (run, verdict, version, promoted, out) = (None, None, None, false, None);
        Self { champion, decision, notes, run, verdict, version, promoted, out }
    }

    pub fn is_due(&self) -> bool {
        self.decision.due
    }

    pub fn text(&self) -> String {
        let due = if self.decision.due { "due" } else { "not due" };
        let mut told = vec![format!("{} is {due}.", self.champion)];
        told.extend(self.decision.reasons.iter().map(|reason| format!("  {}", reason.message)));
        told.extend(self.notes.iter().map(|note| format!("note: {note}")));
        told.extend(self.run.iter().map(|run| format!("run      {run}")));
        told.extend(self.out.iter().map(|out| format!("saved    {out}")));
        told.extend(self.verdict.iter().map(|verdict| verdict.reason.clone()));
        told.extend(self.version.iter().map(|version| match self.promoted {
            true => format!("{version} is registered, and promoted."),
            false => format!("{version} is registered, and not promoted."),
        }));
        lines(&told)
    }
}
