//! Runs: what they logged, and their files.

use std::collections::BTreeMap;

use hedgerow_model::sha256_hex;
use serde_json::{Value, json};

use super::Push;
use super::batches::{self, POINTS, Pairs};
use super::inputs::datasets;
use super::job::{EXPERIMENT, Folder, Host, Job, MODEL_FOLDER, Mark, Step};
use super::steps::create;
use crate::mlflow::http::HttpRequest;
use crate::mlflow::keys::{self, remote_key, remote_path, shortened};
use crate::mlflow::sent::Sent;
use crate::mlflow::{
    MlflowError, NAME_TAG, NOTE_TAG, PARENT_TAG, RECORD_PATH, RUN_TAG, Result, USER_TAG,
    VERSION_TAG, retry,
};
use crate::registry::MODEL_PATH;
use crate::runs::{After, DEFAULT_EXPERIMENT, Point, Run};
use crate::workspace::Workspace;

impl Push {
    /// All parts of a run, once it is at the server.
    pub(super) fn run(&self, workspace: &Workspace, id: &str) -> Result<Step> {
        let host = Host::Run(id.to_owned());
        if self.known(workspace, "run", id)?.is_none() {
            return Ok(Step::Then(vec![Job::FindRun { host }, Job::Run { id: id.to_owned() }]));
        }
        let run = workspace.run(id)?;
        let id = || id.to_owned();
        let mut jobs = Vec::new();
        let batches = batches::batches(params(&run)).len();
        jobs.extend((0..batches).map(|batch| Job::Params { id: id(), batch }));
        let batches = batches::batches(self.run_tags(workspace, &run)?).len();
        jobs.extend((0..batches).map(|batch| Job::Tags { id: id(), batch }));
        jobs.push(Job::Metrics { id: id() });
        jobs.extend(datasets(&run).into_keys().map(|dataset| Job::Input { id: id(), dataset }));
        let folder = self.models.then(|| model_folder(&run)).flatten();
        for artifact in
            run.artifacts.iter().filter(|file| folder.is_none() || file.path != MODEL_PATH)
        {
            jobs.push(Job::Artifact { id: id(), path: artifact.path.clone() });
        }
        jobs.push(Job::Record { id: id() });
        if let Some(folder) = folder {
            jobs.push(Job::Folder { folder: folder.clone() });
            jobs.push(Job::History { id: id(), folder });
        }
        jobs.extend([Job::End { host }, Job::Part]);
        Ok(Step::Then(jobs))
    }

    /// By our tag, so that a run whose making was never acknowledged is found.
    pub(super) fn find_run(&self, workspace: &Workspace, host: &Host) -> Result<Step> {
        let (tag, id, experiment) = identity(workspace, host)?;
        let experiment = self.experiment_id(workspace, &experiment)?;
        let body = json!({
            "experiment_ids": [experiment],
            "filter": format!("tags.`{tag}` = '{id}'"),
            "max_results": 1,
        });
        Ok(create("runs/search", &body))
    }

    pub(super) fn create_run(&self, workspace: &Workspace, host: &Host) -> Result<Step> {
        let (tag, id, experiment) = identity(workspace, host)?;
        let (started, name) = match host {
            Host::Run(id) => {
                let run = workspace.run(id)?;
                (run.started, run.name)
            }
            Host::Version { name, number } => {
                (workspace.version(name, *number)?.created, format!("{name} {number}"))
            }
        };
        let body = json!({
            "experiment_id": self.experiment_id(workspace, &experiment)?,
            "start_time": started.max(0),
            "run_name": name,
            "tags": key_values(&[(tag.to_owned(), id)]),
        });
        Ok(create("runs/create", &body))
    }

    /// Remembers the id of a run at the server, and where its artifacts go.
    pub(super) fn has_run(
        &self,
        workspace: &mut Workspace,
        host: &Host,
        run: &Value,
    ) -> Result<()> {
        let id = retry::text(run, "/info/run_id")?;
        let uri = retry::text(run, "/info/artifact_uri")?;
        let local = host.local(workspace)?;
        self.keep(workspace, "run", &local, id, uri)
    }

    fn experiment_id(&self, workspace: &Workspace, name: &str) -> Result<String> {
        let known = self.known(workspace, EXPERIMENT, name)?;
        known.map(|known| known.remote).ok_or_else(|| forgotten("experiment"))
    }

    /// A run at the server: its id, and in `state` the address of its artifacts.
    pub(super) fn remote_run(&self, workspace: &Workspace, host: &Host) -> Result<Sent> {
        let known = self.known(workspace, "run", &host.local(workspace)?)?;
        known.ok_or_else(|| forgotten("run"))
    }

    pub(super) fn remote_id(&self, workspace: &Workspace, id: &str) -> Result<String> {
        Ok(self.remote_run(workspace, &Host::Run(id.to_owned()))?.remote)
    }

    pub(super) fn params(&self, workspace: &Workspace, id: &str, batch: usize) -> Result<Step> {
        let batches = batches::batches(params(&workspace.run(id)?));
        self.batch(workspace, "params", id, batch, batches.get(batch))
    }

    pub(super) fn tags(&self, workspace: &Workspace, id: &str, batch: usize) -> Result<Step> {
        let batches = batches::batches(self.run_tags(workspace, &workspace.run(id)?)?);
        self.batch(workspace, "tags", id, batch, batches.get(batch))
    }

    fn batch(
        &self,
        workspace: &Workspace,
        kind: &'static str,
        id: &str,
        number: usize,
        pairs: Option<&Pairs>,
    ) -> Result<Step> {
        let run = self.remote_id(workspace, id)?;
        let body = json!({ "run_id": run, kind: key_values(pairs.into_iter().flatten()) });
        let request = HttpRequest::post("runs/log-batch", &body);
        self.unless_sent(workspace, kind, format!("{id} {number}"), request)
    }

    /// Tags as a server keeps them; MLflow's own say what it shows.
    fn run_tags(&self, workspace: &Workspace, run: &Run) -> Result<BTreeMap<String, String>> {
        let tag = |(key, value): (&String, &String)| (remote_key(key), shortened(value, keys::TAG));
        let mut tags: BTreeMap<String, String> = BTreeMap::new();
        tags.extend(run.tags.iter().map(tag));
        let mut set = |key: &str, value: &str| {
            if !value.is_empty() {
                tags.insert(key.to_owned(), shortened(value, keys::TAG));
            }
        };
        set(RUN_TAG, &run.id);
        set(NOTE_TAG, &run.note);
        set(NAME_TAG, &run.name);
        if let Some(parent) = &run.parent
            && let Some(parent) = self.known(workspace, "run", parent)?
        {
            set(PARENT_TAG, &parent.remote);
        }
        // Who began it elsewhere is known from there.
        if !run.tags.contains_key(USER_TAG) {
            set(USER_TAG, &workspace.author(&run.id)?.unwrap_or_default());
        }
        Ok(tags)
    }

    /// The points after those that were sent; none when all were. What MLflow has of a run by the same key,
    /// step, time and value it has once, so a batch whose answer was lost may be sent again.
    pub(super) fn metrics(&self, workspace: &Workspace, id: &str) -> Result<Step> {
        let points =
            workspace.points_after(id, self.logged_until(workspace, id)?.as_ref(), POINTS)?;
        if points.is_empty() {
            return Ok(Step::Then(Vec::new()));
        }
        let run = self.remote_id(workspace, id)?;
        let metrics: Vec<Value> = points.iter().map(metric).collect();
        let body = json!({ "run_id": run, "metrics": metrics });
        let request = HttpRequest::post("runs/log-batch", &body);
        Ok(Step::Send { request, mark: None })
    }

    fn logged_until(&self, workspace: &Workspace, id: &str) -> Result<Option<After>> {
        let known = self.known(workspace, "metrics", id)?;
        Ok(known.and_then(|known| serde_json::from_str(&known.state).ok()))
    }

    /// Remembers that the next points are there, too.
    pub(super) fn logged(&mut self, workspace: &mut Workspace, id: &str) -> Result<Vec<Job>> {
        let before = self.logged_until(workspace, id)?;
        let points = workspace.points_after(id, before.as_ref(), POINTS)?;
        let Some(last) = points.last() else { return Ok(Vec::new()) };
        let after = After {
            key: last.key.clone(),
            step: last.step,
            at: last.at,
            points: before.map_or(0, |before| before.points) + points.len(),
        };
        let state = serde_json::to_string(&after).expect("texts and numbers");
        self.keep(workspace, "metrics", id, String::new(), state)?;
        self.pushed.points += points.len();
        Ok(vec![Job::Metrics { id: id.to_owned() }])
    }

    pub(super) fn artifact(&self, workspace: &Workspace, id: &str, path: &str) -> Result<Step> {
        let run = workspace.run(id)?;
        let Some(file) = run.artifacts.iter().find(|file| file.path == path) else {
            return Ok(Step::Then(Vec::new()));
        };
        let mark =
            Mark { kind: "artifact", local: format!("{id} {path}"), state: file.sha256.clone() };
        let host = Host::Run(id.to_owned());
        self.unless_marked(workspace, mark, || {
            let to = self.artifact_path(workspace, &host, &remote_path(path))?;
            Ok(HttpRequest::upload(&to, workspace.artifact(id, path)?))
        })
    }

    /// What MLflow has no place for, or keeps less of: notes and tags in full, keys as they were, and what
    /// it takes to train again.
    pub(super) fn record(&self, workspace: &Workspace, id: &str) -> Result<Step> {
        // How many runs and versions belong with it is not its own.
        let run = Run { children: 0, versions: Vec::new(), ..workspace.run(id)? };
        let record = json!({ "run": run, "recipe": workspace.recipe(id)? });
        let to = self.artifact_path(workspace, &Host::Run(id.to_owned()), RECORD_PATH)?;
        let request = HttpRequest::upload(&to, record.to_string().into_bytes());
        self.unless_sent(workspace, "record", id.to_owned(), request)
    }

    /// The path of a run's artifact in the server's store.
    pub(super) fn artifact_path(
        &self,
        workspace: &Workspace,
        host: &Host,
        path: &str,
    ) -> Result<String> {
        let uri = self.remote_run(workspace, host)?.state;
        Ok(format!("{}/{path}", store_path(&uri)?))
    }

    /// MLflow's list of a run's models, by which older servers show them.
    pub(super) fn history(&self, workspace: &Workspace, id: &str, folder: &Folder) -> Result<Step> {
        let run = self.remote_id(workspace, id)?;
        let value = json!([{
            "run_id": run,
            "artifact_path": folder.path,
            "utc_time_created": super::folder::time_text(folder.created),
            "model_uuid": super::folder::uuid(&folder.sha256),
            "flavors": { "onnx": {}, "python_function": { "loader_module": super::folder::LOADER } },
        }]);
        let body = json!({
            "run_id": run, "key": "mlflow.log-model.history", "value": value.to_string()
        });
        let request = HttpRequest::post("runs/set-tag", &body);
        self.unless_sent(workspace, "history", id.to_owned(), request)
    }

    pub(super) fn end(&self, workspace: &Workspace, host: &Host) -> Result<Step> {
        let run = self.remote_run(workspace, host)?.remote;
        let body = match host {
            Host::Run(id) => {
                let local = workspace.run(id)?;
                json!({
                    "run_id": run,
                    "status": local.status.name(),
                    "end_time": local.ended.unwrap_or(local.started).max(0),
                    "run_name": local.name,
                })
            }
            Host::Version { name, number } => {
                let created = workspace.version(name, *number)?.created.max(0);
                json!({ "run_id": run, "status": "FINISHED", "end_time": created })
            }
        };
        let request = HttpRequest::post("runs/update", &body);
        self.unless_sent(workspace, "end", host.local(workspace)?, request)
    }
}

/// The tag, our id and the experiment of what has a run at the server.
fn identity(workspace: &Workspace, host: &Host) -> Result<(&'static str, String, String)> {
    Ok(match host {
        Host::Run(id) => (RUN_TAG, id.clone(), workspace.run_experiment(id)?),
        Host::Version { name, number } => {
            let id = workspace.version(name, *number)?.id;
            (VERSION_TAG, id, DEFAULT_EXPERIMENT.to_owned())
        }
    })
}

fn params(run: &Run) -> Pairs {
    run.params.iter().map(|(key, value)| (remote_key(key), value.clone())).collect()
}

pub(super) fn key_values<'p>(pairs: impl IntoIterator<Item = &'p (String, String)>) -> Value {
    pairs.into_iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

fn metric(point: &Point) -> Value {
    json!({
        "key": remote_key(&point.key),
        "value": number(point.value),
        "timestamp": point.at.max(0),
        "step": point.step,
    })
}

/// Numbers that JSON has not, as protocol buffers spell them.
fn number(value: f64) -> Value {
    match value {
        value if value.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        value => value.into(),
    }
}

/// The folder of a run's model.
pub(super) fn model_folder(run: &Run) -> Option<Folder> {
    let file = run.artifacts.iter().find(|file| file.path == MODEL_PATH)?;
    Some(Folder {
        host: Host::Run(run.id.clone()),
        path: MODEL_FOLDER.to_owned(),
        sha256: file.sha256.clone(),
        created: run.ended.unwrap_or(run.started),
    })
}

/// Where artifacts are in the server's own store: `mlflow-artifacts:/1/…` or `mlflow-artifacts://host/1/…`.
pub fn store_path(uri: &str) -> Result<String> {
    let other = || MlflowError::Artifacts { uri: uri.to_owned() };
    let path = uri.strip_prefix("mlflow-artifacts:").ok_or_else(other)?;
    let path = match path.strip_prefix("//") {
        Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
        None => path,
    };
    Ok(path.trim_matches('/').to_owned())
}

/// What was remembered a moment ago, and is not now: another program emptied the table.
fn forgotten(what: &str) -> MlflowError {
    MlflowError::Answer { reason: format!("the {what} was forgotten meanwhile; try again") }
}

/// A mark's state of a text.
pub(super) fn state_of(text: &str) -> String {
    sha256_hex(text.as_bytes())
}
