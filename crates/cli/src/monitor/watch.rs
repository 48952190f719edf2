//! The model that is watched, and what files have of its rows.

use std::path::{Path, PathBuf};

use clap::Args;
use hedgerow_data::Table;
use hedgerow_model::Model;
use hedgerow_monitor::{Baseline, Fault, Finding, FindingCode, MonitorError, Profile, Seen};

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::files::{self, ReadOptions};
use crate::track::{StoreArgs, resolve};

/// The code of a CSV file that has a header and no rows.
const NO_ROWS: &str = "csv_no_rows";

/// The model that rows are looked at for.
#[derive(Args)]
pub struct Watched {
    /// The model file, or a registered model as NAME/3 or NAME@champion.
    pub model: PathBuf,
    /// The rows that the model was trained on, for a model that has no profile of them.
    #[arg(long, value_name = "CSV")]
    pub reference: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    read: ReadArgs,
}

/// That model, read.
pub struct Watch {
    pub model: Model,
    pub baseline: Baseline,
    /// The rows that it was trained on, where they were given.
    pub reference: Option<Table>,
    read: ReadOptions,
}

/// What a file has.
pub enum Given {
    Rows(Table),
    Profile(Profile),
    /// No rows that the model could have seen: a header alone, or a profile of another model.
    Nothing(PathBuf, FindingCode),
}

impl Given {
    /// Why nothing else will do than rows that the model has seen.
    pub fn refused(&self) -> Option<Failure> {
        match self {
            Self::Nothing(path, FindingCode::ForeignProfile) => {
                Some(Failure::profile(path, Fault::OtherLayout))
            }
            _ => None,
        }
    }
}

impl Watched {
    /// Reads the model, and the rows it was trained on.
    pub fn open(&self) -> Result<Watch, Failure> {
        let model = resolve(&self.model, &self.store)?;
        let read = ReadOptions::from(&self.read);
        let reference = self.reference.as_deref().map(|path| files::read_table(path, &read));
        let reference = reference.transpose()?;
        let baseline = match &reference {
            Some(rows) => Baseline::of(&model, rows, None)?,
            None => Baseline::of_model(&model)?,
        };
        Ok(Watch { model, baseline, reference, read })
    }
}

impl Watch {
    /// What a file has: a profile, or rows as CSV.
    pub fn given(&self, path: &Path) -> Result<Given, Failure> {
        let bytes = files::read(path)?;
        if Profile::is_begun_by(&bytes) {
            return match Profile::from_bytes(&bytes, &self.baseline.layout) {
                Ok(profile) if profile.rows() == 0 => {
                    Ok(Given::Nothing(path.to_owned(), FindingCode::EmptyWindow))
                }
                Ok(profile) => Ok(Given::Profile(profile)),
                Err(Fault::OtherLayout) => {
                    Ok(Given::Nothing(path.to_owned(), FindingCode::ForeignProfile))
                }
                Err(fault) => Err(Failure::profile(path, fault)),
            };
        }
        match files::parse_table(bytes.as_slice(), path, &self.read) {
            Err(failure) if failure.code() == NO_ROWS => {
                Ok(Given::Nothing(path.to_owned(), FindingCode::EmptyWindow))
            }
            table => table.map(Given::Rows),
        }
    }

    /// Rows of a CSV file.
    pub fn rows(&self, path: &Path) -> Result<Table, Failure> {
        files::read_table(path, &self.read)
    }

    /// As a profile, with what is odd.
    pub fn seen(&self, given: &Given) -> Result<Seen, Failure> {
        Ok(match given {
            Given::Rows(rows) => self.baseline.profile(&self.model, rows)?,
            Given::Profile(profile) => Seen { profile: profile.clone(), findings: Vec::new() },
            Given::Nothing(path, code) => {
                let what = match code {
                    FindingCode::ForeignProfile => "is a profile of another model",
                    _ => "has no rows",
                };
                let message = format!("{} {what}, and is passed over.", path.display());
                let finding = Finding { code: *code, column: String::new(), message };
                Seen { profile: Profile::new(&self.baseline.layout), findings: vec![finding] }
            }
        })
    }

    /// All of them, added up.
    pub fn sum(&self, all: &[Seen]) -> Result<Seen, Failure> {
        let mut sum = Seen { profile: Profile::new(&self.baseline.layout), findings: Vec::new() };
        for Seen { profile, findings } in all {
            sum.profile.merge(profile).map_err(MonitorError::from)?;
            for finding in findings {
                if !sum.findings.contains(finding) {
                    sum.findings.push(finding.clone());
                }
            }
        }
        Ok(sum)
    }
}
