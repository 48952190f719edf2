//! How a training becomes a run, while it goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use hedgerow_data::{Table, summarize_table};
use hedgerow_evaluate::{METRICS, Report};
use hedgerow_learn::Score;
use hedgerow_model::{LearnerRecord, Model};
use hedgerow_track::{Dataset, Log, MODEL_PATH, NewRun, Point, Status};
use serde_json::Value;

use super::args::RecordArgs;
use super::{Store, now, orphans};
use crate::failure::Failure;
use crate::files::{self, ReadOptions};
use crate::show;

/// How often what was logged is saved.
const PERIOD: Duration = Duration::from_millis(500);

/// What is known of a training before it begins.
pub struct Facts<'a> {
    /// The file, and what was read from it.
    pub data: &'a Path,
    pub table: &'a Table,
    /// What is asked for.
    pub recipe: Value,
    pub params: BTreeMap<String, String>,
    /// What the run is called where the user does not say.
    pub name: &'a str,
    /// The study that it is, by the command.
    pub study: Option<&'static str>,
}

/// The table of a training's file, and the file's bytes where they are kept, too. It is read once: it may be
/// a pipe, or change.
pub fn read_data(
    path: &Path,
    args: &RecordArgs,
    options: &ReadOptions,
) -> Result<(Table, Option<Vec<u8>>), Failure> {
    if args.no_track || !args.keep_data {
        return Ok((files::read_table(path, options)?, None));
    }
    let bytes = std::fs::read(path).map_err(|error| Failure::io(path, &error))?;
    Ok((files::parse_table(bytes.as_slice(), path, options)?, Some(bytes)))
}

/// A run that is under way.
pub struct Recording {
    store: Store,
    experiment: String,
    run: String,
    points: Vec<Point>,
    /// Metrics that were logged as the training went on.
    live: BTreeSet<String>,
    saved: Instant,
    /// Whether points could not be saved: they wait for the end.
    late: bool,
}

impl Recording {
    /// A run for a training, with its data set; none where nothing is to be recorded.
    /// `bytes` of the file are kept with it.
    pub fn begin(
        args: &RecordArgs,
        facts: &Facts<'_>,
        bytes: Option<Vec<u8>>,
    ) -> Result<Option<Self>, Failure> {
        if args.no_track {
            return Ok(None);
        }
        let store = Store::new(&args.store);
        let (new, dataset) = (new_run(args, facts), dataset(facts));
        let run = store.change(|workspace, stamp| {
            orphans::end(workspace, stamp)?;
            let run = workspace.start_run(stamp, &new)?;
            workspace.keep_dataset(stamp, &dataset, bytes.as_deref())?;
            workspace.log_input(&run, &dataset.id, "training")?;
            Ok(run)
        })?;
        Ok(Some(Self {
            store,
            experiment: args.experiment.clone(),
            run,
            points: Vec::new(),
            live: BTreeSet::new(),
            saved: Instant::now(),
            late: false,
        }))
    }
}

fn new_run(args: &RecordArgs, facts: &Facts<'_>) -> NewRun {
    let name = if args.run_name.is_empty() { facts.name } else { &args.run_name };
    let study = facts.study.map(|study| ("hedgerow.study".to_owned(), study.to_owned()));
    NewRun {
        experiment: args.experiment.clone(),
        name: name.to_owned(),
        parent: None,
        recipe: facts.recipe.clone(),
        params: facts.params.clone(),
        tags: environment().into_iter().chain([orphans::client()]).chain(study).collect(),
        nonce: nonce(),
    }
}

/// A text that no other run has.
pub(super) fn nonce() -> String {
    let host = hostname::get().unwrap_or_default();
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = nanos.map_or(0, |since| since.as_nanos());
    format!("{}-{}-{nanos}", host.to_string_lossy(), std::process::id())
}

/// What a run was made by and in.
pub(super) fn environment() -> BTreeMap<String, String> {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    BTreeMap::from([
        ("hedgerow.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("hedgerow.environment".to_owned(), format!("command line, {os} {arch}")),
    ])
}

fn dataset(facts: &Facts<'_>) -> Dataset {
    let name = facts.data.file_name().unwrap_or(facts.data.as_os_str()).to_string_lossy();
    Dataset {
        id: facts.table.sha256(),
        name: name.into_owned(),
        rows: facts.table.rows() as i64,
        profile: summarize_table(facts.table),
    }
}

/// A learner and all its parameters, as they are logged.
pub fn learner_params(record: &LearnerRecord) -> BTreeMap<String, String> {
    let mut params = BTreeMap::from([("learner".to_owned(), record.kind.clone())]);
    params.extend(record.params.iter().map(|(name, value)| (name.clone(), plain(value))));
    params
}

/// A value as text: a string without its quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Recording {
    /// The run's id.
    pub fn run(&self) -> &str {
        &self.run
    }

    pub(super) fn experiment(&self) -> &str {
        &self.experiment
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Logs the score as it is after so many steps. A training is not given up for its record: what cannot
    /// be saved is tried again with the model, and then told.
    pub fn score(&mut self, step: usize, score: &Score) {
        self.live.insert(score.name.clone());
        self.points.push(point(&score.name, step as i64, score.value, now()));
        if !self.late && self.saved.elapsed() >= PERIOD {
            self.late = self.save().is_err();
        }
    }

    fn save(&mut self) -> Result<(), Failure> {
        let log = Log { metrics: std::mem::take(&mut self.points), ..Log::default() };
        self.saved = Instant::now();
        let saved = self.store.change(|workspace, _| workspace.log(&self.run, &log));
        if saved.is_err() {
            self.points = log.metrics;
        }
        saved
    }

    /// Keeps the model, and what is known of how good it is.
    pub fn model(&mut self, model: &Model, report: Option<&Report>) -> Result<(), Failure> {
        let measured = fit_metrics(model).into_iter();
        self.points.extend(measured.filter(|point| !self.live.contains(&point.key)));
        self.points.extend(report.map(report_metrics).unwrap_or_default());
        self.save()?;
        let bytes = model.to_bytes();
        let report = report.map(show::pretty);
        self.store.change(|workspace, _| {
            workspace.log_artifact(&self.run, MODEL_PATH, &bytes)?;
            match &report {
                Some(text) => workspace.log_artifact(&self.run, "report.json", text.as_bytes()),
                None => Ok(()),
            }
        })
    }

    /// Keeps what was found with the run, where there is one, ends it as that ended, and tells what was found,
    /// whatever becomes of its record. What went wrong there is told before what goes wrong here.
    pub fn ended<T>(
        recording: Option<Self>,
        found: Result<T, Failure>,
        keep: impl FnOnce(&mut Self, &T) -> Result<(), Failure>,
        show: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let (found, kept) = Self::kept(recording, found, keep);
        if let Some(text) = found.as_ref().map(show) {
            files::print(&text)?;
        }
        kept
    }

    /// As [`ended`](Self::ended), for whoever tells it later: what was found, and what went wrong.
    pub fn kept<T>(
        mut recording: Option<Self>,
        found: Result<T, Failure>,
        keep: impl FnOnce(&mut Self, &T) -> Result<(), Failure>,
    ) -> (Option<T>, Result<(), Failure>) {
        let (found, kept) = match (found, &mut recording) {
            (Ok(found), Some(recording)) => {
                let kept = keep(recording, &found);
                (Some(found), kept)
            }
            (Ok(found), None) => (Some(found), Ok(())),
            (Err(failure), _) => (None, Err(failure)),
        };
        let ended = recording.map_or(Ok(()), |recording| recording.end(&kept));
        (found, kept.and(ended))
    }

    /// Tags the run, and keeps a text with it.
    pub fn note(
        &mut self,
        tags: BTreeMap<String, String>,
        path: &str,
        text: &str,
    ) -> Result<(), Failure> {
        self.store.change(|workspace, _| {
            workspace.log(&self.run, &Log { tags, ..Log::default() })?;
            workspace.log_artifact(&self.run, path, text.as_bytes())
        })
    }

    fn end(self, outcome: &Result<(), Failure>) -> Result<(), Failure> {
        let (status, tags) = match outcome {
            Ok(_) => (Status::Finished, BTreeMap::new()),
            Err(failure) => (failure.status(), failure.tags()),
        };
        let log = Log { metrics: self.points, tags, ..Log::default() };
        self.store.change(|workspace, stamp| {
            workspace.log(&self.run, &log)?;
            workspace.end_run(stamp, &self.run, status)
        })
    }
}

/// What the fit measured itself: at its end, and in every round where it goes by such.
fn fit_metrics(model: &Model) -> Vec<Point> {
    let at = now();
    let history = model.provenance.history.iter().flat_map(|(key, values)| {
        (1..).zip(values).map(move |(step, value)| point(key, step, *value, at))
    });
    let last = model.provenance.metrics.iter().map(|(key, value)| point(key, 0, *value, at));
    history.chain(last).collect()
}

/// The metrics of a report by their names.
pub fn figures(report: &Report) -> BTreeMap<String, f64> {
    // Read by name, as reports are shown.
    let value = serde_json::to_value(report).unwrap_or_default();
    let metric = |name: &str| value.get("metrics")?.get(name)?.as_f64();
    METRICS.iter().filter_map(|info| Some((info.name.to_owned(), metric(info.name)?))).collect()
}

fn report_metrics(report: &Report) -> Vec<Point> {
    let at = now();
    figures(report).into_iter().map(|(name, value)| point(&name, 0, value, at)).collect()
}

pub(super) fn point(key: &str, step: i64, value: f64, at: i64) -> Point {
    Point { key: key.to_owned(), value, step, at }
}
