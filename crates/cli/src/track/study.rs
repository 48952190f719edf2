//! How a study becomes runs: one for it, one below for every candidate, one below that for every fold.

use std::collections::BTreeMap;

use hedgerow_learn::Learner;
use hedgerow_learn::choose::{Comparison, Contender, Estimate, Trial, Tuning};
use hedgerow_track::{Log, NewRun, Point, RunTree, Status};

use super::now;
use super::record::{Recording, environment, learner_params, nonce, point};
use crate::failure::{Failure, error_tags};

/// A candidate, whichever study it is of.
struct Candidate<'a> {
    name: String,
    learner: Option<&'a Learner>,
    score: Option<Estimate>,
    scores: &'a [Option<f64>],
    metrics: BTreeMap<String, f64>,
    seconds: f64,
    error: Option<&'a hedgerow_learn::choose::Failure>,
}

/// Keeps the learners of a comparison as parts of its run.
pub fn record_comparison(recording: &Recording, found: &Comparison) -> Result<(), Failure> {
    let candidates = found.leaderboard.iter().map(|row: &Contender| Candidate {
        name: row.name().to_owned(),
        learner: row.learner.as_ref(),
        score: row.score,
        scores: &row.scores,
        metrics: row.metrics.iter().map(|(key, estimate)| (key.clone(), estimate.mean)).collect(),
        seconds: row.seconds * row.scores.len() as f64,
        error: row.error.as_ref(),
    });
    let best = found.leaderboard.first().and_then(|row| row.score);
    keep(recording, &found.metric, best, candidates)
}

/// Keeps the trials of a search as parts of its run.
pub fn record_tuning(recording: &Recording, found: &Tuning) -> Result<(), Failure> {
    let candidates = (1..).zip(&found.trials).map(|(number, trial): (usize, &Trial)| Candidate {
        name: format!("trial {number}"),
        learner: Some(&trial.learner),
        score: trial.score,
        scores: &trial.scores,
        metrics: BTreeMap::from([("share".to_owned(), trial.share)]),
        seconds: trial.seconds,
        error: trial.error.as_ref(),
    });
    let best = found.trials.get(found.best).and_then(|trial| trial.score);
    keep(recording, &found.metric, best, candidates)
}

fn keep<'a>(
    recording: &Recording,
    metric: &str,
    best: Option<Estimate>,
    candidates: impl Iterator<Item = Candidate<'a>>,
) -> Result<(), Failure> {
    let (at, nonce) = (now(), nonce());
    let trees = candidates.enumerate().map(|(index, candidate)| {
        let naming =
            Naming { experiment: recording.experiment(), nonce: &format!("{nonce}-{index}") };
        tree(metric, &candidate, at, &naming)
    });
    let trees: Vec<RunTree> = trees.collect();
    let metrics = best.map(|best| estimate(metric, best, at)).unwrap_or_default();
    let log = Log { metrics, ..Log::default() };
    recording.store().change(|workspace, stamp| {
        workspace.log(recording.run(), &log)?;
        workspace.keep_runs(stamp, recording.run(), &trees).map(drop)
    })
}

fn estimate(metric: &str, Estimate { mean, std, .. }: Estimate, at: i64) -> Vec<Point> {
    vec![point(metric, 0, mean, at), point(&format!("{metric}.std"), 0, std, at)]
}

fn tree(metric: &str, candidate: &Candidate<'_>, at: i64, naming: &Naming<'_>) -> RunTree {
    let Candidate { name, learner, score, scores, metrics, seconds, error } = candidate;
    let mut points: Vec<Point> =
        metrics.iter().map(|(key, value)| point(key, 0, *value, at)).collect();
    if let Some(score) = score {
        points.retain(|point| point.key != metric);
        points.extend(estimate(metric, *score, at));
    }
    let mut tags = environment();
    if let Some(error) = error {
        tags.extend(error_tags(&error.code, &error.message));
    }
    let folds = (1..).zip(scores.iter()).map(|(number, score): (usize, _)| RunTree {
        run: naming.run(format!("fold {number}"), BTreeMap::new(), environment()),
        log: Log {
            metrics: score.iter().map(|score| point(metric, 0, *score, at)).collect(),
            ..Log::default()
        },
        status: if score.is_some() { Status::Finished } else { Status::Failed },
        started: at,
        children: Vec::new(),
    });
    let params = learner.map(|learner| learner_params(&learner.record())).unwrap_or_default();
    RunTree {
        run: naming.run(name.clone(), params, tags),
        log: Log { metrics: points, ..Log::default() },
        status: if error.is_none() { Status::Finished } else { Status::Failed },
        started: at - (seconds * 1_000.0) as i64,
        children: folds.collect(),
    }
}

/// What the runs of a candidate have in common.
struct Naming<'a> {
    experiment: &'a str,
    nonce: &'a str,
}

impl Naming<'_> {
    fn run(
        &self,
        name: String,
        params: BTreeMap<String, String>,
        tags: BTreeMap<String, String>,
    ) -> NewRun {
        NewRun {
            experiment: self.experiment.to_owned(),
            nonce: format!("{}-{name}", self.nonce),
            name,
            parent: None,
            recipe: serde_json::Value::Null,
            params,
            tags,
        }
    }
}
