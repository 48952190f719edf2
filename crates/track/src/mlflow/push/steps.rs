//! What each part of a push sends, and what follows from its answer.

use hedgerow_model::sha256_hex;
use serde_json::{Value, json};

use super::Push;
use super::job::{EXPERIMENT, Job, Mark, Step};
use crate::mlflow::http::HttpRequest;
use crate::mlflow::sent::Sent;
use crate::mlflow::{MlflowError, Result, retry};
use crate::workspace::Workspace;

impl Push {
    /// What a job would send, where it was not sent.
    pub(super) fn step(&mut self, workspace: &Workspace, job: &Job) -> Result<Step> {
        match job {
            Job::FindExperiment { name } => {
                Ok(read("experiments/get-by-name", &[("experiment_name", name)]))
            }
            Job::CreateExperiment { name } => {
                Ok(create("experiments/create", &json!({ "name": name })))
            }
            Job::Run { id } => self.run(workspace, id),
            Job::FindRun { host } => self.find_run(workspace, host),
            Job::CreateRun { host } => self.create_run(workspace, host),
            Job::Params { id, batch } => self.params(workspace, id, *batch),
            Job::Tags { id, batch } => self.tags(workspace, id, *batch),
            Job::Metrics { id } => self.metrics(workspace, id),
            Job::Input { id, dataset } => self.input(workspace, id, dataset),
            Job::Artifact { id, path } => self.artifact(workspace, id, path),
            Job::Record { id } => self.record(workspace, id),
            Job::Folder { folder } => self.folder(workspace, folder),
            Job::File { folder, name } => self.file(workspace, folder, name),
            Job::History { id, folder } => self.history(workspace, id, folder),
            Job::End { host } => self.end(workspace, host),
            Job::FindModel { name } => self.find_model(workspace, name),
            Job::CreateModel { name } => Ok(self.create_model(workspace, name)?),
            Job::DescribeModel { name } => self.describe_model(workspace, name),
            Job::Version { name, number } => self.version(workspace, name, *number),
            Job::FindVersion { name, number } => self.find_version(workspace, name, *number),
            Job::CreateVersion { name, number } => self.create_version(workspace, name, *number),
            Job::DescribeVersion { name, number } => {
                self.describe_version(workspace, name, *number)
            }
            Job::VersionTag { name, number, key } => {
                self.version_tag(workspace, name, *number, key)
            }
            Job::Aliases { name } => self.aliases(workspace, name),
            Job::Alias { name, alias } => self.alias(workspace, name, alias),
            Job::RemoveAlias { name, alias } => Ok(self.remove_alias(name, alias)),
            Job::Part => Ok(Step::Then(Vec::new())),
        }
    }

    /// What an answer says, and what follows.
    pub(super) fn arrived(
        &mut self,
        workspace: &mut Workspace,
        job: &Job,
        mut answer: Value,
    ) -> Result<Vec<Job>> {
        match job {
            Job::FindExperiment { name } => self.found_experiment(workspace, name, &answer),
            Job::CreateExperiment { name } => {
                let id = retry::text(&answer, "/experiment_id")?;
                if self.known(workspace, EXPERIMENT, name)?.is_some() {
                    workspace.forget_server(&self.server)?;
                }
                self.keep(workspace, EXPERIMENT, name, id, String::new())?;
                // When it was made.
                Ok(vec![Job::FindExperiment { name: name.clone() }])
            }
            Job::FindRun { host } => {
                match retry::list(&mut answer, "runs").first() {
                    Some(run) => self.has_run(workspace, host, run)?,
                    None => return Ok(vec![Job::CreateRun { host: host.clone() }]),
                }
                Ok(Vec::new())
            }
            Job::CreateRun { host } => {
                self.has_run(workspace, host, &answer["run"])?;
                self.pushed.runs += 1;
                Ok(Vec::new())
            }
            Job::Metrics { id } => self.logged(workspace, id),
            Job::FindModel { name } | Job::CreateModel { name } => {
                self.keep(workspace, "model", name, String::new(), String::new())?;
                Ok(vec![Job::DescribeModel { name: name.clone() }])
            }
            Job::FindVersion { name, number } => {
                self.found_version(workspace, name, *number, answer)
            }
            Job::CreateVersion { name, number } => {
                self.pushed.versions += 1;
                self.has_version(workspace, name, *number, &answer["model_version"])
            }
            Job::RemoveAlias { name, alias } => {
                workspace.forget(
                    &self.server,
                    "alias",
                    &super::registry::alias_key(name, alias),
                )?;
                Ok(Vec::new())
            }
            Job::Artifact { .. } | Job::Record { .. } | Job::File { .. } => {
                self.pushed.files += 1;
                Ok(Vec::new())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// An experiment that is another one than it was, or new again, says that this is another server than it
    /// was: nothing of what was sent is there.
    fn found_experiment(
        &mut self,
        workspace: &mut Workspace,
        name: &str,
        answer: &Value,
    ) -> Result<Vec<Job>> {
        if answer.pointer("/experiment/lifecycle_stage").is_some_and(|stage| stage == "deleted") {
            return Err(MlflowError::Deleted { what: "experiment", name: name.to_owned() });
        }
        let id = retry::text(answer, "/experiment/experiment_id")?;
        // Text in some servers' JSON, and left out by old ones.
        let created = answer.pointer("/experiment/creation_time").unwrap_or(&Value::Null);
        let created = created.as_str().map_or_else(|| created.to_string(), str::to_owned);
        if let Some(Sent { remote, state }) = self.known(workspace, EXPERIMENT, name)?
            && (remote != id || (!state.is_empty() && state != created))
        {
            workspace.forget_server(&self.server)?;
        }
        self.experiments.insert(name.to_owned(), Sent { remote: id, state: created });
        for (name, sent) in &self.experiments {
            workspace.remember(&self.server, EXPERIMENT, name, sent)?;
        }
        Ok(Vec::new())
    }

    /// Remembers what something is at the server.
    pub(super) fn keep(
        &self,
        workspace: &mut Workspace,
        kind: &'static str,
        local: &str,
        remote: String,
        state: String,
    ) -> Result<()> {
        Ok(workspace.remember(&self.server, kind, local, &Sent { remote, state })?)
    }

    /// What something is at the server, if that is known.
    pub(super) fn known(
        &self,
        workspace: &Workspace,
        kind: &'static str,
        local: &str,
    ) -> Result<Option<Sent>> {
        Ok(workspace.sent(&self.server, kind, local)?)
    }

    /// A request in JSON, unless it was sent as it is.
    pub(super) fn unless_sent(
        &self,
        workspace: &Workspace,
        kind: &'static str,
        local: String,
        request: HttpRequest,
    ) -> Result<Step> {
        let state = sha256_hex(&request.body);
        let mark = Mark { kind, local, state };
        self.unless_marked(workspace, mark, || Ok(request))
    }

    /// A request, unless its mark is there.
    pub(super) fn unless_marked(
        &self,
        workspace: &Workspace,
        mark: Mark,
        request: impl FnOnce() -> Result<HttpRequest>,
    ) -> Result<Step> {
        let known = self.known(workspace, mark.kind, &mark.local)?;
        if known.is_some_and(|known| known.state == mark.state) {
            return Ok(Step::Then(Vec::new()));
        }
        Ok(Step::Send { request: request()?, mark: Some(mark) })
    }
}

/// A question.
pub fn read(name: &str, query: &[(&str, &str)]) -> Step {
    Step::Send { request: HttpRequest::get(name, query), mark: None }
}

/// What makes something new; its id is remembered from the answer.
pub fn create(name: &str, body: &Value) -> Step {
    Step::Send { request: HttpRequest::post(name, body), mark: None }
}
