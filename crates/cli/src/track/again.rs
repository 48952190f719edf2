//! A study done again: its scores, as they were kept and as they come out.

use std::collections::{BTreeMap, BTreeSet};

use hedgerow_data::Table;
use hedgerow_learn::choose::{StudyOptions, StudyReport};
use hedgerow_track::{Query, Result as TrackResult, Workspace};

use super::Store;
use crate::failure::Failure;
use crate::study;

/// Child runs that are read at most: a comparison has no more learners.
const MOST: usize = 1_000;

/// Scores by what they are of; several where learners of one name were compared.
type Scores = BTreeMap<String, Vec<f64>>;

/// How many scores came out, and those that differ, from what was kept.
pub fn study_again(
    store: &Store,
    run: &str,
    table: &Table,
    options: StudyOptions,
    jobs: usize,
) -> Result<(usize, Vec<String>), Failure> {
    let report = study::run(table, options, jobs, None)?.report()?;
    let kept = sorted(store.read(|workspace| kept(workspace, run, &report))?);
    let found = sorted(found(&report));
    let names: BTreeSet<&String> = kept.keys().chain(found.keys()).collect();
    let differing = names.into_iter().filter(|name| kept.get(*name) != found.get(*name));
    let differences = differing
        .map(|name| format!("{name}: {} → {}", text(kept.get(name)), text(found.get(name))));
    Ok((found.values().map(Vec::len).sum(), differences.collect()))
}

fn sorted(scores: Vec<(String, f64)>) -> Scores {
    let mut map = Scores::new();
    for (name, score) in scores {
        map.entry(name).or_default().push(score);
    }
    for scores in map.values_mut() {
        scores.sort_by(f64::total_cmp);
    }
    map
}

fn text(scores: Option<&Vec<f64>>) -> String {
    let texts = scores.map(|scores| scores.iter().map(f64::to_string).collect::<Vec<_>>());
    texts.map_or_else(|| "none".to_owned(), |texts| texts.join(", "))
}

fn found(report: &StudyReport) -> Vec<(String, f64)> {
    match report {
        StudyReport::CrossValidation(found) => {
            found.score.iter().map(|score| (found.metric.clone(), score.mean)).collect()
        }
        StudyReport::LearningCurve(found) => {
            let points = found.points.iter();
            let score = |point: &hedgerow_learn::choose::CurvePoint| {
                let rows = point.train_rows.round() as i64;
                Some((at_rows(&found.metric, rows), point.validation?.mean))
            };
            points.filter_map(score).collect()
        }
        StudyReport::Comparison(found) => {
            let rows = found.leaderboard.iter();
            let score = |row: &hedgerow_learn::choose::Contender| {
                Some((of_learner(&found.metric, row.name()), row.score?.mean))
            };
            rows.filter_map(score).collect()
        }
        // Of a search the model is made again.
        StudyReport::Tuning(_) => Vec::new(),
    }
}

/// The same, as they stand in the workspace.
fn kept(workspace: &Workspace, run: &str, report: &StudyReport) -> TrackResult<Vec<(String, f64)>> {
    Ok(match report {
        StudyReport::CrossValidation(found) => {
            let score = workspace.run(run)?.metric(&found.metric);
            score.map(|score| (found.metric.clone(), score)).into_iter().collect()
        }
        StudyReport::LearningCurve(found) => {
            let points = workspace.series(run, &format!("validation_{}", found.metric))?.points;
            points.iter().map(|point| (at_rows(&found.metric, point.step), point.value)).collect()
        }
        StudyReport::Comparison(found) => {
            let below = Query { parent: Some(run.to_owned()), limit: MOST, ..Query::default() };
            let learners = workspace.runs(&below)?.runs.into_iter();
            let score = |run: hedgerow_track::Run| {
                Some((of_learner(&found.metric, &run.name), run.metric(&found.metric)?))
            };
            learners.filter_map(score).collect()
        }
        StudyReport::Tuning(_) => Vec::new(),
    })
}

fn at_rows(metric: &str, rows: i64) -> String {
    format!("validation {metric} after {rows} rows")
}

fn of_learner(metric: &str, name: &str) -> String {
    format!("{metric} of {name}")
}
