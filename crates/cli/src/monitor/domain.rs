//! Whether a classifier tells the new rows of each file from the training rows.

use std::path::{Path, PathBuf};

use hedgerow_monitor::Profile;
use hedgerow_renew::{Domain, DomainOptions, RenewError, Teller, told_apart};
use serde::Serialize;

use super::Watched;
use crate::failure::Failure;
use crate::files;
use crate::track::resolve;

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
        let Some(Domain { roc_auc, threshold, drifted, columns, .. }) = domain else {
            return format!(
                "note: {file} is not told apart: {}",
                quiet.as_deref().unwrap_or_default()
            );
        };
        let names = columns.iter().take(NAMED);
        let names = names.map(|Teller { name, importance }| format!("{name} {importance:.2}"));
        let names = names.collect::<Vec<_>>().join(", ");
        match drifted {
            true => format!(
                "ALARM {file} is told from the training rows: ROC AUC {roc_auc:.4}, above {threshold} \
                 ({names})."
            ),
            false => format!(
                "{file} is hardly told from the training rows: ROC AUC {roc_auc:.4}, not above {threshold}."
            ),
        }
    }
}

/// Of every file of rows; profiles have none.
pub fn look(watched: &Watched, reference: &Path, data: &[PathBuf]) -> Result<Vec<Told>, Failure> {
    let model = resolve(&watched.model, &watched.store)?;
    let read = (&watched.read).into();
    let reference = files::read_table(reference, &read)?;
    let mut found = Vec::new();
    for path in data {
        let bytes = files::read(path)?;
        if Profile::is_begun_by(&bytes) {
            continue;
        }
        let table = files::parse_table(bytes.as_slice(), path, &read)?;
        let file = path.display().to_string();
        found.push(match told_apart(&model, &reference, &table, &DomainOptions::default()) {
            Ok(domain) => Told { file, domain: Some(domain), quiet: None },
            Err(error @ (RenewError::TooFewRows { .. } | RenewError::NothingInCommon)) => {
                Told { file, domain: None, quiet: Some(error.to_string()) }
            }
            Err(error) => return Err(error.into()),
        });
    }
    Ok(found)
}
