//! A push: what a server does not have yet, one request after the other.
//!
//! The work is a queue of [`Job`]s. A job says what it would send and under which mark; what has that mark
//! in the workspace's table `pushes` is sent no more. Marks are made of what is sent, so what changed since
//! is sent again, and they are kept with every acknowledged request, so a push that was cut goes on there.
//! Whatever makes something new at the server (a run, a version) is looked for first, by a tag with our id:
//! a request whose answer was lost makes no second one.

mod batches;
mod folder;
mod inputs;
mod job;
mod registry;
mod runs;
mod steps;

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

pub use folder::Exported;
use job::{Host, Job, Mark, Step};
pub(super) use registry::tag_of;
pub(super) use runs::store_path;

use super::http::{HttpRequest, HttpResponse, Next, Progress};
use super::retry::{self, Asked, Retry, Verdict};
use super::sent::Sent;
use super::{MlflowError, Result};
use crate::error::TrackError;
use crate::merge::Selection;
use crate::workspace::Workspace;

/// What to push.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PushOptions {
    /// Ids of runs; with each come the runs above and below it. None: all that have ended.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub runs: Vec<String>,
    /// Only runs of these experiments. None: of all.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub experiments: Vec<String>,
    /// Models, too, as folders that MLflow serves, and the registry: all of it, or the versions that came
    /// from the runs that were chosen.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub models: bool,
}

/// What a push sent that the server did not have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Pushed {
    /// Runs made at the server.
    pub runs: usize,
    /// Points of metrics.
    pub points: usize,
    /// Files.
    pub files: usize,
    /// Versions of models.
    pub versions: usize,
    /// Requests that changed something; none in a second push.
    pub changes: usize,
    /// SHA-256 of models that cannot be exported to ONNX: their file alone was sent.
    pub plain: Vec<String>,
}

/// A push to one server.
#[derive(Debug)]
pub struct Push {
    server: String,
    models: bool,
    queue: VecDeque<Job>,
    flight: Option<Flight>,
    retry: Retry,
    /// Experiments whose id was asked for in this push, with the time at which they were made.
    experiments: BTreeMap<String, Sent>,
    /// Runs that were gone and were begun anew: each is so once.
    begun_anew: Vec<Host>,
    /// The model that is being sent, by its hash.
    export: Option<(String, Option<Exported>)>,
    progress: Progress,
    pushed: Pushed,
}

/// What was sent and not answered yet.
#[derive(Debug)]
struct Flight {
    asked: Asked,
    mark: Option<Mark>,
}

impl Push {
    /// A push of what `options` say to the server at an address, by which the workspace remembers it.
    ///
    /// # Errors
    /// [`TrackError::Missing`] for a run, [`TrackError::Running`]; what storage refuses.
    pub fn new(workspace: &Workspace, server: &str, options: &PushOptions) -> Result<Self> {
        let server = server.trim_end_matches('/').to_owned();
        let runs = chosen(workspace, options, &server)?;
        let queue = job::plan(workspace, options, &runs)?;
        let total = queue.iter().filter(|job| job.is_part()).count();
        Ok(Self {
            server,
            models: options.models,
            queue,
            flight: None,
            retry: Retry::default(),
            experiments: BTreeMap::new(),
            begun_anew: Vec::new(),
            export: None,
            progress: Progress { total, ..Progress::default() },
            pushed: Pushed::default(),
        })
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What it sent so far.
    pub fn pushed(&self) -> &Pushed {
        &self.pushed
    }

    /// It goes on with what another push of the same sent.
    pub(super) fn count_from(&mut self, pushed: Pushed) {
        self.pushed = pushed;
    }

    /// The model file that [`Next::Export`] names.
    ///
    /// # Errors
    /// [`TrackError::Missing`]; what storage refuses.
    pub fn model_bytes(workspace: &Workspace, sha256: &str) -> Result<Vec<u8>> {
        Ok(workspace.blob(sha256)?)
    }

    /// What to do next.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn next(&mut self, workspace: &mut Workspace) -> Result<Next> {
        if let Some(seconds) = self.retry.wait() {
            return Ok(Next::Wait { seconds });
        }
        self.flight = None;
        while let Some(job) = self.queue.front().cloned() {
            self.name_part(workspace, &job)?;
            match self.step(workspace, &job)? {
                Step::Send { request, mark } => return Ok(self.send(request, mark)),
                Step::Export { sha256 } => return Ok(Next::Export { sha256 }),
                Step::Then(jobs) => self.replace(jobs),
            }
        }
        self.progress.done = self.progress.total;
        Ok(Next::Done)
    }

    fn name_part(&mut self, workspace: &Workspace, job: &Job) -> Result<()> {
        if job.is_part() {
            self.progress.at = job.title(workspace)?;
        }
        Ok(())
    }

    fn send(&mut self, request: HttpRequest, mark: Option<Mark>) -> Next {
        self.flight = Some(Flight { asked: Asked::from(&request), mark });
        Next::Send(request)
    }

    /// Takes the ONNX file that [`Next::Export`] asked for; none where the model has no such form.
    pub fn exported(&mut self, sha256: &str, exported: Option<Exported>) {
        if exported.is_none() && !self.pushed.plain.iter().any(|plain| plain == sha256) {
            self.pushed.plain.push(sha256.to_owned());
        }
        self.export = Some((sha256.to_owned(), exported));
    }

    /// Takes the answer to the request that `next` gave.
    ///
    /// # Errors
    /// What the server refuses, and failures that did not go away; what storage refuses.
    pub fn answer(&mut self, workspace: &mut Workspace, response: &HttpResponse) -> Result<()> {
        let Some(flight) = self.flight.take() else { return Ok(()) };
        let Some(job) = self.queue.front().cloned() else { return Ok(()) };
        self.progress.requests += 1;
        let jobs = match self.retry.judge(&flight.asked, response)? {
            Verdict::Good => self.good(workspace, &job, flight.mark, response)?,
            Verdict::Again => vec![job.found_first()],
            Verdict::Refused { code, message } => self.refused(workspace, &job, code, message)?,
        };
        self.replace(jobs);
        Ok(())
    }

    /// There was no answer: the line was cut, or the time was up.
    ///
    /// # Errors
    /// [`MlflowError::Unreachable`] where that happened too often.
    pub fn failed(&mut self, reason: &str) -> Result<()> {
        self.flight = None;
        // Whether it arrived is not known.
        if let Some(job) = self.queue.pop_front() {
            self.queue.push_front(job.found_first());
        }
        self.retry.lost(reason)
    }

    fn good(
        &mut self,
        workspace: &mut Workspace,
        job: &Job,
        mark: Option<Mark>,
        response: &HttpResponse,
    ) -> Result<Vec<Job>> {
        let answer = if job.is_upload() { serde_json::Value::Null } else { retry::json(response)? };
        let jobs = self.arrived(workspace, job, answer)?;
        if let Some(Mark { kind, local, state }) = mark {
            let sent = Sent { remote: String::new(), state };
            workspace.remember(&self.server, kind, &local, &sent)?;
        }
        if job.changes() {
            self.retry.succeeded();
            self.pushed.changes += 1;
        }
        Ok(jobs)
    }

    fn refused(
        &mut self,
        workspace: &mut Workspace,
        job: &Job,
        code: String,
        message: String,
    ) -> Result<Vec<Job>> {
        let missing = code == "RESOURCE_DOES_NOT_EXIST";
        let host = job.host().filter(|host| !self.begun_anew.contains(host));
        match (job.if_missing(), host, job.found_first()) {
            (Some(create), ..) if missing => Ok(vec![create]),
            // It is gone, as it should be.
            _ if missing && matches!(job, Job::RemoveAlias { .. }) => {
                self.arrived(workspace, job, serde_json::Value::Null)
            }
            // It was deleted for good: it is made again.
            (_, Some(host), _) if missing => {
                self.retry.lost(&message)?;
                self.run_again(workspace, host)
            }
            // Somebody else was quicker.
            (.., find) if code == "RESOURCE_ALREADY_EXISTS" && find != *job => {
                self.retry.lost(&message)?;
                Ok(vec![find])
            }
            _ => Err(MlflowError::Refused { code, message }),
        }
    }

    /// A run that is gone from the server begins anew, instead of all jobs of it that are left.
    fn run_again(&mut self, workspace: &mut Workspace, host: Host) -> Result<Vec<Job>> {
        self.begun_anew.push(host.clone());
        workspace.forget_local(&self.server, &host.local(workspace)?)?;
        while self.queue.len() > 1 && self.queue[1].host().is_some_and(|next| next == host) {
            self.queue.remove(1);
        }
        Ok(match host {
            Host::Run(id) => {
                // The part that is counted comes with the run.
                if self.queue.get(1) == Some(&Job::Part) {
                    self.queue.remove(1);
                }
                vec![Job::Run { id }]
            }
            host @ Host::Version { .. } => vec![Job::FindRun { host }],
        })
    }

    /// The first job is done, and leads to others.
    fn replace(&mut self, jobs: Vec<Job>) {
        if let Some(done) = self.queue.pop_front()
            && matches!(done, Job::Part)
        {
            self.progress.done += 1;
        }
        for job in jobs.into_iter().rev() {
            self.queue.push_front(job);
        }
    }
}

/// Ids of the runs to push, parents first; without those that were pulled from there.
fn chosen(workspace: &Workspace, options: &PushOptions, server: &str) -> Result<Vec<String>> {
    let ids = if options.runs.is_empty() {
        workspace.ended()?
    } else {
        for id in &options.runs {
            if workspace.run(id)?.ended.is_none() {
                return Err(TrackError::Running { run: id.clone() }.into());
            }
        }
        let runs = options.runs.clone();
        workspace.chosen_runs(&Selection { runs, ..Selection::default() })?
    };
    let mut chosen = Vec::new();
    for id in ids {
        let wanted = options.experiments.is_empty()
            || options.experiments.contains(&workspace.run_experiment(&id)?);
        if wanted && workspace.sent(server, super::pull::PULLED, &id)?.is_none() {
            chosen.push(id);
        }
    }
    Ok(chosen)
}
