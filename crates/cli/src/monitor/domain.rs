//! Whether a classifier tells the new rows of each file from the training rows.

use hedgerow_data::Table;
use hedgerow_renew::{Domain, DomainOptions, RenewError, Teller, told_apart};
use serde::Serialize;

use super::watch::Watch;
use crate::failure::Failure;

/// Columns that are named.
const NAMED: usize = 3;

/// What was found of a file of rows.
#[derive(Serialize)]
pub struct Told {
    file: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    domain: Option<Domain>,
    /// Why nothing was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<String>,
}

impl Told {
    pub fn is_alarm(&self) -> bool {
        self.domain.as_ref().is_some_and(|domain| domain.drifted)
    }

    pub fn text(&self) -> String {
        let Self { file, domain, quiet } = self;
        let Some(Domain { roc_auc, threshold, drifted, columns, findings, .. }) = domain else {
            return format!(
                "note: {file} is not told apart: {}",
                quiet.as_deref().unwrap_or_default()
            );
        };
        let names = columns.iter().take(NAMED);
        let names = names.map(|Teller { name, importance }| format!("{name} {importance:.2}"));
        let names = names.collect::<Vec<_>>().join(", ");
        let told = match drifted {
            true => format!(
                "ALARM {file} is told from the training rows: ROC AUC {roc_auc:.4}, above {threshold} \
                 ({names})."
            ),
            false => format!(
                "{file} is hardly told from the training rows: ROC AUC {roc_auc:.4}, not above {threshold}."
            ),
        };
        findings.iter().fold(told, |told, finding| format!("{told}\nnote: {}", finding.message))
    }
}

/// Of the rows of a file.
pub fn look(watch: &Watch, reference: &Table, file: String, rows: &Table) -> Result<Told, Failure> {
    match told_apart(&watch.model, reference, rows, &DomainOptions::default()) {
        Ok(domain) => Ok(Told { file, domain: Some(domain), quiet: None }),
        Err(error @ (RenewError::TooFewRows { .. } | RenewError::NothingInCommon)) => {
            Ok(Told { file, domain: None, quiet: Some(error.to_string()) })
        }
        Err(error) => Err(error.into()),
    }
}
