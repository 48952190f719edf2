//! Everything a workspace does, as one message: how it crosses from another thread, tab or language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::{Dataset, Log, NewRun, NewVersion, Query, Selection, Stamp, Status, Workspace};

/// What to do; each as the method of [`Workspace`] of the same name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Request {
    StartRun {
        run: NewRun,
    },
    Log {
        run: String,
        log: Log,
    },
    /// With bytes: a point is four doubles, little-endian: which of the keys, value, step and time.
    LogPoints {
        run: String,
        keys: Vec<String>,
    },
    /// With bytes.
    LogArtifact {
        run: String,
        path: String,
    },
    LogInput {
        run: String,
        dataset: String,
        context: String,
    },
    EndRun {
        run: String,
        status: Status,
    },
    Interrupt {
        runs: Vec<String>,
    },
    TagRun {
        run: String,
        #[cfg_attr(feature = "ts", tsify(type = "Record<string, string>"))]
        tags: BTreeMap<String, String>,
    },
    NoteRun {
        run: String,
        note: String,
    },
    RenameRun {
        run: String,
        name: String,
    },
    DeleteRun {
        run: String,
        reason: String,
    },
    Run {
        run: String,
    },
    RunId {
        prefix: String,
    },
    Recipe {
        run: String,
    },
    Runs {
        query: Query,
    },
    Experiments,
    Series {
        run: String,
        key: String,
    },
    /// Gives bytes.
    Artifact {
        run: String,
        path: String,
    },
    Compare {
        runs: Vec<String>,
    },
    /// With bytes, where the file is to be kept.
    KeepDataset {
        dataset: Dataset,
    },
    Datasets,
    Dataset {
        id: String,
    },
    /// Gives bytes, or none.
    DatasetBytes {
        id: String,
    },
    DatasetDifference {
        from: String,
        to: String,
    },
    /// With bytes, where it is not an artifact of a run.
    Register {
        version: NewVersion,
    },
    DescribeModel {
        name: String,
        description: String,
    },
    DescribeVersion {
        name: String,
        #[cfg_attr(feature = "ts", tsify(type = "number"))]
        version: i64,
        description: String,
    },
    TagVersion {
        name: String,
        #[cfg_attr(feature = "ts", tsify(type = "number"))]
        version: i64,
        #[cfg_attr(feature = "ts", tsify(type = "Record<string, string>"))]
        tags: BTreeMap<String, String>,
    },
    Promote {
        name: String,
        #[cfg_attr(feature = "ts", tsify(type = "number"))]
        version: i64,
        alias: String,
        reason: String,
    },
    Rollback {
        name: String,
        alias: String,
        reason: String,
    },
    RemoveAlias {
        name: String,
        alias: String,
        reason: String,
    },
    LogExport {
        name: String,
        #[cfg_attr(feature = "ts", tsify(type = "number"))]
        version: i64,
        target: String,
        sha256: String,
    },
    Models,
    Model {
        name: String,
    },
    FindVersion {
        text: String,
    },
    /// Gives bytes.
    VersionBytes {
        name: String,
        #[cfg_attr(feature = "ts", tsify(type = "number"))]
        version: i64,
    },
    Moves {
        name: String,
    },
    RunLineage {
        run: String,
    },
    ModelLineage {
        name: String,
    },
    Audit {
        subject: Option<String>,
        limit: usize,
        offset: usize,
    },
    Verify,
    Check,
    /// Gives the bytes of the whole file.
    Download,
    /// Gives the bytes of a workspace with these alone.
    Bundle {
        selection: Selection,
    },
    /// With the bytes of another workspace.
    Merge,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// JSON.
    Json(String),
    Bytes(Vec<u8>),
}

impl Workspace {
    /// Does what a request asks.
    ///
    /// # Errors
    /// Those of the method.
    pub fn handle(&mut self, stamp: &Stamp, request: Request, bytes: &[u8]) -> Result<Answer> {
        use Request as R;
        match request {
            R::StartRun { run } => json(&self.start_run(stamp, &run)?),
            R::Log { run, log } => json(&self.log(&run, &log)?),
            R::LogPoints { run, keys } => json(&self.log(&run, &Log::of_points(&keys, bytes)?)?),
            R::LogArtifact { run, path } => json(&self.log_artifact(&run, &path, bytes)?),
            R::LogInput { run, dataset, context } => {
                json(&self.log_input(&run, &dataset, &context)?)
            }
            R::EndRun { run, status } => json(&self.end_run(stamp, &run, status)?),
            R::Interrupt { runs } => json(&self.interrupt(stamp, &runs)?),
            R::TagRun { run, tags } => json(&self.tag_run(stamp, &run, &tags)?),
            R::NoteRun { run, note } => json(&self.note_run(stamp, &run, &note)?),
            R::RenameRun { run, name } => json(&self.rename_run(stamp, &run, &name)?),
            R::DeleteRun { run, reason } => json(&self.delete_run(stamp, &run, &reason)?),
            R::KeepDataset { dataset } => {
                json(&self.keep_dataset(stamp, &dataset, given(bytes))?)
            }
            R::Merge => json(&self.merge(stamp, &Self::from_bytes(bytes)?)?),
            R::Bundle { selection } => bytes_of(self.bundle(stamp, &selection)?.to_bytes()?),
            R::Register { version } => json(&self.register(stamp, &version, given(bytes))?),
            R::DescribeModel { name, description } => {
                json(&self.describe_model(stamp, &name, &description)?)
            }
            R::DescribeVersion { name, version, description } => {
                json(&self.describe_version(stamp, &name, version, &description)?)
            }
            R::TagVersion { name, version, tags } => {
                json(&self.tag_version(stamp, &name, version, &tags)?)
            }
            R::Promote { name, version, alias, reason } => {
                json(&self.promote(stamp, &name, version, &alias, &reason)?)
            }
            R::Rollback { name, alias, reason } => {
                json(&self.rollback(stamp, &name, &alias, &reason)?)
            }
            R::RemoveAlias { name, alias, reason } => {
                json(&self.remove_alias(stamp, &name, &alias, &reason)?)
            }
            R::LogExport { name, version, target, sha256 } => {
                json(&self.log_export(stamp, &name, version, &target, &sha256)?)
            }
            R::Run { run } => json(&self.run(&run)?),
            R::RunId { prefix } => json(&self.run_id(&prefix)?),
            R::Recipe { run } => json(&self.recipe(&run)?),
            R::Runs { query } => json(&self.runs(&query)?),
            R::Experiments => json(&self.experiments()?),
            R::Series { run, key } => json(&self.series(&run, &key)?),
            R::Artifact { run, path } => bytes_of(self.artifact(&run, &path)?),
            R::Compare { runs } => json(&self.compare(&runs)?),
            R::Datasets => json(&self.datasets()?),
            R::Dataset { id } => json(&self.dataset(&id)?),
            R::DatasetBytes { id } => self.dataset_bytes(&id)?.map_or_else(|| json(&()), bytes_of),
            R::DatasetDifference { from, to } => json(&self.dataset_difference(&from, &to)?),
            R::Models => json(&self.models()?),
            R::Model { name } => json(&self.model(&name)?),
            R::FindVersion { text } => json(&self.find_version(&text)?),
            R::VersionBytes { name, version } => bytes_of(self.version_bytes(&name, version)?),
            R::Moves { name } => json(&self.moves(&name)?),
            R::RunLineage { run } => json(&self.run_lineage(&run)?),
            R::ModelLineage { name } => json(&self.model_lineage(&name)?),
            R::Audit { subject, limit, offset } => {
                json(&self.audit(subject.as_deref(), limit, offset)?)
            }
            R::Verify => json(&self.verify()?),
            R::Check => json(&self.check()?),
            R::Download => bytes_of(self.to_bytes()?),
        }
    }
}

fn given(bytes: &[u8]) -> Option<&[u8]> {
    (!bytes.is_empty()).then_some(bytes)
}

fn json(answer: &impl Serialize) -> Result<Answer> {
    Ok(Answer::Json(serde_json::to_string(answer).expect("answers are numbers and texts")))
}

fn bytes_of(bytes: Vec<u8>) -> Result<Answer> {
    Ok(Answer::Bytes(bytes))
}
