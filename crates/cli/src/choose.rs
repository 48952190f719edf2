//! `hedgerow compare` and `hedgerow tune`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use hedgerow_data::Table;
use hedgerow_learn::choose::{
    Comparison, Contender, Estimate, Folding, StudyKind, StudyOptions, StudyReport, Trial,
    TuneOptions, Tuning,
};
use hedgerow_learn::{Learner, TrainOptions};
use hedgerow_model::Model;
use hedgerow_monitor::Baseline;
use serde_json::{Value, json};

use crate::args::{CompareArgs, FoldArgs, TuneArgs};
use crate::commands::{jobs, task_choice};
use crate::failure::Failure;
use crate::files::ReadOptions;
use crate::show::{lines, pretty};
use crate::track::{Facts, Recipe, Recording, read_data, record_comparison, record_tuning};
use crate::{files, fit, interrupt, study};

/// Trials at most where only the time is limited.
const TRIALS_WITHIN_TIME: usize = 1_000;

/// `hedgerow compare`.
pub fn compare(args: &CompareArgs, as_json: bool) -> Result<(), Failure> {
    interrupt::watch();
    let read = ReadOptions::from(&args.read);
    let (table, bytes) = read_data(&args.data, &args.record, &read)?;
    let learners = args
        .learner
        .iter()
        .map(|(kind, params)| Learner::from_params(kind, params.iter().cloned()));
    let learners = learners.collect::<Result<Vec<_>, _>>()?;
    let options = options(&args.folds, Learner::default(), StudyKind::Comparison(learners));
    let facts = facts(&args.data, &table, &options, (read, false), "comparison");
    let recording = Recording::begin(&args.record, &facts, bytes)?;
    let found = compared(args, &table, options);
    let keep = |recording: &mut Recording, found: &Comparison| record_comparison(recording, found);
    Recording::ended(recording, found, keep, |found| {
        if as_json { pretty(found) } else { leaderboard(found) }
    })
}

fn compared(
    args: &CompareArgs,
    table: &Table,
    options: StudyOptions,
) -> Result<Comparison, Failure> {
    let report = study::run(table, options, jobs(args.folds.jobs), None)?.report()?;
    let StudyReport::Comparison(comparison) = report else { return Err(Failure::interrupted()) };
    Ok(comparison)
}

/// What the run of a study says of it.
fn facts<'a>(
    data: &'a Path,
    table: &'a Table,
    options: &StudyOptions,
    (read, profile): (ReadOptions, bool),
    name: &'a str,
) -> Facts<'a> {
    let StudyOptions { train, folds, metric, study } = options;
    let recipe = Recipe {
        train: train.clone(),
        adjust: None,
        split: None,
        last: None,
        study: Some(study.clone()),
        folds: Some(folds.clone()),
        metric: metric.clone(),
        profile,
        read,
        data: table.sha256(),
    };
    let mut params = BTreeMap::from([
        ("folds".to_owned(), folds.folds.to_string()),
        ("seed".to_owned(), train.seed.to_string()),
    ]);
    params.extend(train.target.clone().map(|target| ("target".to_owned(), target)));
    let by = if matches!(study, StudyKind::Tuning(_)) { "tune" } else { "compare" };
    Facts { data, table, recipe: recipe.to_json(), params, name, study: Some(by) }
}

/// `hedgerow tune`.
pub fn tune(args: &TuneArgs, as_json: bool) -> Result<(), Failure> {
    interrupt::watch();
    let read = ReadOptions::from(&args.read);
    let (table, bytes) = read_data(&args.data, &args.record, &read)?;
    let learner = Learner::from_params(&args.learner, args.set.iter().cloned())?;
    let options = options(&args.folds, learner, StudyKind::Tuning(tune_options(args)));
    let facts = facts(&args.data, &table, &options, (read, !args.no_profile), "search");
    let recording = Recording::begin(&args.record, &facts, bytes)?;
    let found = tuned(args, &table, options);
    let keep = |recording: &mut Recording, (tuning, model): &(Tuning, Model)| {
        record_tuning(recording, tuning)?;
        recording.model(model, None)
    };
    Recording::ended(recording, found, keep, |(tuning, model)| {
        let (out, sha256) = (args.out.display().to_string(), model.sha256());
        if as_json {
            pretty(&json!({ "out": out, "sha256": sha256, "tuning": tuning }))
        } else {
            format!("{}\nsaved    {out}\nsha256   {sha256}\n", trials(tuning))
        }
    })
}

fn tune_options(args: &TuneArgs) -> TuneOptions {
    let default = TuneOptions::default();
    let within_time = args.seconds.map(|_| TRIALS_WITHIN_TIME);
    TuneOptions {
        trials: args.trials.or(within_time).unwrap_or(default.trials),
        strategy: args.strategy.into(),
        space: (!args.space.is_empty()).then(|| args.space.iter().cloned().collect()),
        resource: args.resource.clone(),
        ..default
    }
}

/// What was found, and the model that was saved.
fn tuned(
    args: &TuneArgs,
    table: &Table,
    options: StudyOptions,
) -> Result<(Tuning, Model), Failure> {
    let (train, threads) = (options.train.clone(), jobs(args.folds.jobs));
    let limit = args.seconds.map(Duration::from_secs_f64);
    let report = study::run(table, options, threads, limit)?.report()?;
    let StudyReport::Tuning(tuning) = report else { return Err(Failure::interrupted()) };
    let best = TrainOptions { learner: tuning.learner.clone(), ..train };
    let mut model = fit::train(table, best, threads, &mut |_| ())?;
    if !args.no_profile {
        model.training_profile = Some(Baseline::of(&model, table, None)?.to_bytes());
    }
    files::write(&args.out, &model.to_bytes())?;
    Ok((tuning, model))
}

fn options(args: &FoldArgs, learner: Learner, study: StudyKind) -> StudyOptions {
    let train = TrainOptions {
        learner,
        task: task_choice(args.task),
        seed: args.seed,
        features: (!args.features.is_empty()).then(|| args.features.clone()),
        sample_weight: args.sample_weight.clone(),
        ..TrainOptions::new(args.target.clone())
    };
    let folds = Folding {
        folds: args.folds,
        split: args.split.into(),
        time_column: args.time_column.clone(),
    };
    let metric = args.metric.clone();
    StudyOptions { folds, metric, ..StudyOptions::new(train, study) }
}

fn leaderboard(comparison: &Comparison) -> String {
    let (metric, rows) = (&comparison.metric, &comparison.leaderboard);
    let mut text = vec![format!(
        "{:<40} {metric:>20} {:>10} {:>8} {:>9}",
        "learner", "difference", "p", "seconds"
    )];
    let row = |row: &Contender| {
        let name = row.learner.as_ref().map_or("(baseline)".to_owned(), named);
        if let Some(error) = &row.error {
            return format!("{name:<40} {}", error.message);
        }
        let number =
            |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.4}"));
        format!(
            "{name:<40} {:>20} {:>10} {:>8} {:>9.3}",
            score(row.score),
            number(row.difference),
            number(row.p_value),
            row.seconds
        )
    };
    text.extend(rows.iter().map(row));
    lines(&text)
}

/// A learner, and what is not its default.
fn named(learner: &Learner) -> String {
    let kind = learner.kind();
    let defaults = Learner::from_params(kind, []).map(|learner| learner.record().params);
    let defaults = defaults.unwrap_or_default();
    let record = learner.record().params.into_iter();
    let changed: Vec<String> = record
        .filter(|(name, value)| defaults.get(name) != Some(value))
        .map(|(name, value)| format!("{name}={}", plain(&value)))
        .collect();
    if changed.is_empty() { kind.to_owned() } else { format!("{kind}:{}", changed.join(",")) }
}

fn trials(tuning: &Tuning) -> String {
    let mut text = vec![format!("{:>6} {:>20} {:>7}  parameters", "trial", tuning.metric, "share")];
    let row = |(index, trial): (usize, &Trial)| {
        let mark = if index == tuning.best { "*" } else { "" };
        let number = format!("{mark}{}", index + 1);
        if let Some(error) = &trial.error {
            return format!("{number:>6} {}", error.message);
        }
        let parameters = trial.parameters.iter();
        let parameters: Vec<String> =
            parameters.map(|(name, value)| format!("{name}={}", plain(value))).collect();
        let score = score(trial.score);
        format!("{number:>6} {score:>20} {:>7.3}  {}", trial.share, parameters.join(" "))
    };
    text.extend(tuning.trials.iter().enumerate().map(row));
    lines(&text)
}

fn score(score: Option<Estimate>) -> String {
    score.map_or("–".to_owned(), |score| format!("{:.4} ± {:.4}", score.mean, score.std))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if !number.is_u64() => {
            format!("{:.4}", number.as_f64().unwrap_or_default())
        }
        other => other.to_string(),
    }
}
