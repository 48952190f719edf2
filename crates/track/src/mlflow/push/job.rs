//! The parts of a push.

use std::collections::{BTreeSet, VecDeque};

use super::PushOptions;
use crate::mlflow::Result;
use crate::mlflow::http::HttpRequest;
use crate::workspace::Workspace;

/// What is to be at the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    FindExperiment {
        name: String,
    },
    CreateExperiment {
        name: String,
    },
    /// A run with all of its parts.
    Run {
        id: String,
    },
    FindRun {
        host: Host,
    },
    CreateRun {
        host: Host,
    },
    Params {
        id: String,
        batch: usize,
    },
    Tags {
        id: String,
        batch: usize,
    },
    Metrics {
        id: String,
    },
    Input {
        id: String,
        dataset: String,
    },
    Artifact {
        id: String,
        path: String,
    },
    Record {
        id: String,
    },
    /// A model as a folder of artifacts.
    Folder {
        folder: Folder,
    },
    File {
        folder: Folder,
        name: &'static str,
    },
    History {
        id: String,
        folder: Folder,
    },
    End {
        host: Host,
    },
    FindModel {
        name: String,
    },
    CreateModel {
        name: String,
    },
    DescribeModel {
        name: String,
    },
    /// A version with all of its parts.
    Version {
        name: String,
        number: i64,
    },
    FindVersion {
        name: String,
        number: i64,
    },
    CreateVersion {
        name: String,
        number: i64,
    },
    DescribeVersion {
        name: String,
        number: i64,
    },
    VersionTag {
        name: String,
        number: i64,
        key: String,
    },
    Aliases {
        name: String,
    },
    Alias {
        name: String,
        alias: String,
    },
    RemoveAlias {
        name: String,
        alias: String,
    },
    /// A run or a version is done.
    Part,
}

/// What has a run at the server: a run of ours, or a version that came from none, since MLflow keeps
/// models with runs only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    Run(String),
    Version { name: String, number: i64 },
}

/// A model at the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub host: Host,
    /// Below the host's artifacts.
    pub path: String,
    /// Of the model file.
    pub sha256: String,
    /// When it was made: milliseconds since 1970.
    pub created: i64,
}

/// Where a run's model goes.
pub const MODEL_FOLDER: &str = "model";

/// Under what a request is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub kind: &'static str,
    pub local: String,
    pub state: String,
}

/// What a job comes to.
pub enum Step {
    Send {
        request: HttpRequest,
        mark: Option<Mark>,
    },
    Export {
        sha256: String,
    },
    /// There is nothing to send for it: what follows.
    Then(Vec<Job>),
}

/// As what an experiment is remembered, with the time at which it was made.
pub const EXPERIMENT: &str = "experiment";

/// What is to be done for these runs, and for the registry.
pub fn plan(
    workspace: &Workspace,
    options: &PushOptions,
    runs: &[String],
) -> Result<VecDeque<Job>> {
    let mut experiments = BTreeSet::new();
    for id in runs {
        experiments.insert(workspace.run_experiment(id)?);
    }
    let (mut versions, models) =
        (Vec::new(), if options.models { workspace.models()? } else { Vec::new() });
    let everything = options.runs.is_empty() && options.experiments.is_empty();
    for model in models {
        let chosen =
            |run: &Option<String>| run.as_ref().map_or(everything, |run| runs.contains(run));
        let mut numbers: Vec<i64> =
            model.versions.iter().filter(|v| chosen(&v.run)).map(|v| v.version).collect();
        numbers.reverse();
        if numbers.is_empty() {
            continue;
        }
        if model.versions.iter().any(|version| version.run.is_none()) && everything {
            experiments.insert(crate::runs::DEFAULT_EXPERIMENT.to_owned());
        }
        let name = model.name;
        versions.push(Job::FindModel { name: name.clone() });
        let version = |number| Job::Version { name: name.clone(), number };
        versions.extend(numbers.into_iter().map(version));
        versions.push(Job::Aliases { name });
    }
    let mut queue: VecDeque<Job> =
        experiments.into_iter().map(|name| Job::FindExperiment { name }).collect();
    queue.extend(runs.iter().map(|id| Job::Run { id: id.clone() }));
    queue.extend(versions);
    Ok(queue)
}

impl Job {
    /// Whether it counts in progress.
    pub fn is_part(&self) -> bool {
        matches!(self, Self::Run { .. } | Self::Version { .. })
    }

    pub fn title(&self, workspace: &Workspace) -> Result<String> {
        Ok(match self {
            Self::Run { id } => {
                let name = workspace.run(id)?.name;
                format!("run {} {name}", &id[..id.len().min(8)]).trim_end().to_owned()
            }
            Self::Version { name, number } => format!("{name} {number}"),
            _ => String::new(),
        })
    }

    /// Whether its answer is none in JSON.
    pub fn is_upload(&self) -> bool {
        matches!(self, Self::Artifact { .. } | Self::Record { .. } | Self::File { .. })
    }

    /// Whether it changes something at the server.
    pub fn changes(&self) -> bool {
        !matches!(
            self,
            Self::FindExperiment { .. }
                | Self::FindRun { .. }
                | Self::FindModel { .. }
                | Self::FindVersion { .. }
        )
    }

    /// What to do where it may have been done without our knowing.
    pub fn found_first(&self) -> Self {
        match self.clone() {
            Self::CreateExperiment { name } => Self::FindExperiment { name },
            Self::CreateRun { host } => Self::FindRun { host },
            Self::CreateModel { name } => Self::FindModel { name },
            Self::CreateVersion { name, number } => Self::FindVersion { name, number },
            job => job,
        }
    }

    /// The run at the server that it belongs to, which is there already.
    pub fn host(&self) -> Option<Host> {
        match self.clone() {
            Self::Params { id, .. }
            | Self::Tags { id, .. }
            | Self::Metrics { id }
            | Self::Input { id, .. }
            | Self::Artifact { id, .. }
            | Self::Record { id }
            | Self::History { id, .. } => Some(Host::Run(id)),
            Self::Folder { folder } | Self::File { folder, .. } => Some(folder.host),
            Self::End { host } => Some(host),
            _ => None,
        }
    }

    /// What to do where the server says that there is no such thing.
    pub fn if_missing(&self) -> Option<Self> {
        match self.clone() {
            Self::FindExperiment { name } => Some(Self::CreateExperiment { name }),
            Self::FindModel { name } => Some(Self::CreateModel { name }),
            _ => None,
        }
    }
}

impl Host {
    /// By what it is remembered.
    pub fn local(&self, workspace: &Workspace) -> Result<String> {
        Ok(match self {
            Self::Run(id) => id.clone(),
            Self::Version { name, number } => {
                format!("version {}", workspace.version(name, *number)?.id)
            }
        })
    }
}
