//! Runs that come in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Ask, PULLED, Pull, whole};
use crate::id::id_of;
use crate::limits;
use crate::mlflow::keys::{remote_key, shortened};
use crate::mlflow::push::store_path;
use crate::mlflow::sent::Sent;
use crate::mlflow::{
    MlflowError, NAME_TAG, NOTE_TAG, PARENT_TAG, RECORD_PATH, RUN_TAG, Result, retry,
};
use crate::runs::{Point, Run, Status, Taken};
use crate::workspace::Workspace;

/// Tags that say where a run came from.
const REMOTE_TAG: &str = "mlflow.run_id";
const SERVER_TAG: &str = "mlflow.server";

/// A run that is not complete yet.
#[derive(Debug)]
pub struct Incoming {
    pub remote: String,
    uri: String,
    ours: bool,
    run: Taken,
    /// Keys as they were before they were made fit for MLflow.
    keys: BTreeMap<String, String>,
}

impl Pull {
    /// Runs of a page.
    pub(super) fn some_runs(&mut self, answer: &mut Value) -> Vec<Ask> {
        let runs = retry::list(answer, "runs");
        self.progress.total += runs.len();
        runs.into_iter().map(|run| Ask::Run { run, waits_for_parent: true }).collect()
    }

    /// A run, then those that waited for it; unless it has to wait itself.
    pub(super) fn some_run(
        &mut self,
        workspace: &Workspace,
        run: Value,
        waits_for_parent: bool,
    ) -> Result<Vec<Ask>> {
        let parent = pairs(&run, "tags").remove(PARENT_TAG);
        if let Some(parent) = parent.filter(|parent| !self.ids.contains_key(parent))
            && waits_for_parent
        {
            self.waiting.entry(parent).or_default().push(run);
            return Ok(Vec::new());
        }
        let mut asks = self.begin_run(workspace, &run)?;
        let id = retry::text(&run, "/info/run_id")?;
        if self.ids.contains_key(&id) {
            let freed = self.waiting.remove(&id).unwrap_or_default();
            asks.extend(freed.into_iter().map(|run| Ask::Run { run, waits_for_parent }));
        }
        Ok(asks)
    }

    /// Of all that still wait, those of one parent that is not among them; in a circle any.
    pub(super) fn orphans(&mut self) -> Vec<Ask> {
        let among = |parent: &&String| {
            self.waiting.values().flatten().any(|run| run["info"]["run_id"] == **parent)
        };
        let top = self.waiting.keys().find(|parent| !among(parent));
        let Some(parent) = top.or_else(|| self.waiting.keys().next()).cloned() else {
            return Vec::new();
        };
        let freed = self.waiting.remove(&parent).unwrap_or_default();
        let run = |run| Ask::Run { run, waits_for_parent: false };
        freed.into_iter().map(run).chain([Ask::Orphans]).collect()
    }

    fn begin_run(&mut self, workspace: &Workspace, run: &Value) -> Result<Vec<Ask>> {
        let status = match run["info"]["status"].as_str() {
            Some("FINISHED") => Status::Finished,
            Some("FAILED") => Status::Failed,
            Some("KILLED") => Status::Killed,
            _ => {
                self.pulled.running += 1;
                self.progress.done += 1;
                return Ok(Vec::new());
            }
        };
        let incoming = self.read_run(run, status)?;
        self.ids.insert(incoming.remote.clone(), incoming.run.id.clone());
        self.progress.at = format!("run {}", incoming.run.name).trim_end().to_owned();
        if workspace.has_run(&incoming.run.id)? {
            self.progress.done += 1;
            return Ok(Vec::new());
        }
        let mut asks = Vec::new();
        if incoming.ours && store_path(&incoming.uri).is_ok() {
            asks.push(Ask::Files);
        }
        let keys = run["data"]["metrics"].as_array().into_iter().flatten();
        let keys = keys.filter_map(|metric| metric["key"].as_str());
        asks.extend(keys.map(|key| Ask::History { key: key.to_owned(), token: String::new() }));
        asks.push(Ask::TakeRun);
        self.incoming = Some(incoming);
        Ok(asks)
    }

    fn read_run(&self, run: &Value, status: Status) -> Result<Incoming> {
        let remote = retry::text(run, "/info/run_id")?;
        let mut tags = pairs(run, "tags");
        let own = tags.get(RUN_TAG).filter(|id| is_id(id)).cloned();
        let parent = tags.get(PARENT_TAG).and_then(|parent| self.ids.get(parent)).cloned();
        let take = |tags: &mut BTreeMap<String, String>, key| tags.remove(key).unwrap_or_default();
        let name = take(&mut tags, NAME_TAG);
        let note = take(&mut tags, NOTE_TAG);
        let started = whole(&run["info"]["start_time"]).unwrap_or_default();
        Ok(Incoming {
            ours: own.is_some(),
            uri: run["info"]["artifact_uri"].as_str().unwrap_or_default().to_owned(),
            keys: BTreeMap::new(),
            run: Taken {
                id: own.unwrap_or_else(|| id_of(&["mlflow", &remote])),
                experiment: self.experiment.clone(),
                parent,
                name: shortened(&name, limits::KEY),
                status,
                started,
                ended: whole(&run["info"]["end_time"]).unwrap_or(started),
                note: shortened(&note, limits::TEXT),
                recipe: Value::Null,
                params: fit(pairs(run, "params"), limits::PARAM),
                tags: fit(tags, limits::TAG),
                points: Vec::new(),
            },
            remote,
        })
    }

    pub(super) fn take_run(&mut self, workspace: &mut Workspace) -> Result<Vec<Ask>> {
        let Some(mut incoming) = self.incoming.take() else { return Ok(Vec::new()) };
        let tags = &mut incoming.run.tags;
        tags.insert(REMOTE_TAG.to_owned(), incoming.remote.clone());
        tags.insert(SERVER_TAG.to_owned(), self.server.clone());
        workspace.take_run(&self.stamp, &incoming.run)?;
        let sent = Sent { remote: incoming.remote, state: String::new() };
        workspace.remember(&self.server, PULLED, &incoming.run.id, &sent)?;
        self.pulled.runs += 1;
        self.pulled.points += incoming.run.points.len();
        self.progress.done += 1;
        Ok(Vec::new())
    }
}

impl Incoming {
    pub fn folder(&self) -> Result<String> {
        let path = self.record_path()?;
        Ok(path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()))
    }

    pub fn record_path(&self) -> Result<String> {
        Ok(format!("{}/{RECORD_PATH}", store_path(&self.uri)?))
    }

    /// What the run was here before it went there; nothing of a record that cannot be read.
    pub fn read_record(&mut self, bytes: &[u8]) {
        let Ok(mut record) = serde_json::from_slice::<Value>(bytes) else { return };
        let Ok(run) = serde_json::from_value::<Run>(record["run"].take()) else { return };
        if run.id != self.run.id {
            return;
        }
        let keys = run.metrics.iter().map(|point| (remote_key(&point.key), point.key.clone()));
        self.keys.extend(keys);
        self.run.params = fit(run.params, limits::PARAM);
        self.run.tags = fit(run.tags, limits::TAG);
        self.run.note = shortened(&run.note, limits::TEXT);
        self.run.recipe = record["recipe"].take();
    }

    pub fn add_points(&mut self, answer: &mut Value) -> Result<()> {
        for metric in retry::list(answer, "metrics") {
            let key = retry::text(&metric, "/key")?;
            let key = self.keys.get(&key).cloned().unwrap_or(key);
            self.run.points.push(Point {
                key: shortened(&key, limits::KEY),
                value: real(&metric["value"])?,
                step: whole(&metric["step"]).unwrap_or_default(),
                at: whole(&metric["timestamp"]).unwrap_or_default(),
            });
        }
        Ok(())
    }
}

/// A number; MLflow's database has the largest for what is infinite.
fn real(value: &Value) -> Result<f64> {
    let number = match value {
        Value::Null => Some(0.0),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match number {
        Some(f64::MAX) => Ok(f64::INFINITY),
        Some(f64::MIN) => Ok(f64::NEG_INFINITY),
        Some(number) => Ok(number),
        None => Err(MlflowError::Answer { reason: format!("{value} is no value of a metric") }),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Keys and values of a list of a run.
fn pairs(run: &Value, kind: &str) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    for pair in run["data"][kind].as_array().into_iter().flatten() {
        if let Some(key) = pair["key"].as_str() {
            let value = pair["value"].as_str().unwrap_or_default();
            pairs.insert(key.to_owned(), value.to_owned());
        }
    }
    pairs
}

/// What is kept of keys and values.
fn fit(pairs: BTreeMap<String, String>, limit: usize) -> BTreeMap<String, String> {
    let mut fit = BTreeMap::new();
    let whole = pairs.into_iter().filter(|(key, _)| !key.trim().is_empty());
    fit.extend(whole.map(|(key, value)| (shortened(&key, limits::KEY), shortened(&value, limit))));
    fit
}
