//! `hedgerow retrain`: a challenger made by the champion's recipe of new rows, and whether it takes its place.

mod champion;
mod decide;
mod outcome;
mod registry;
mod rows;
mod workflow;

use std::path::{Path, PathBuf};

use clap::Args;
use hedgerow_evaluate::{EvaluateOptions, Report, evaluate};
use hedgerow_learn::Training;
use hedgerow_model::Model;
use hedgerow_renew::{Policy, Verdict, judge, read_policy};

use crate::args::ReadArgs;
use crate::commands::jobs;
use crate::failure::Failure;
use crate::track::{Facts, Recipe, RecordArgs, Recording, learner_params};
use crate::{files, interrupt, show};
use champion::Champion;
use outcome::Outcome;
use rows::{Parts, Rows};

const HELP: &str = "\
Exit codes: 0 it is not due, or a challenger was trained, promoted or not (--json tells: due, verdict, promoted), \
1 a file failed, 2 wrong usage, 3 the rows or the policy cannot be used, 4 the model file cannot be used, 5 the \
workspace cannot be used, does not have the model, or the champion was replaced meanwhile, 130 interrupted.

A policy is an object with, all optional,
  maxAgeDays    due so many days after the champion was registered
  driftedShare  due where at least this share of the features drifted
  rules         due where one is broken: as `hedgerow monitor check --help` has them. Default: its default rules
  performance   due where the champion is beyond a bound on the new rows: [{\"metric\": \"accuracy\", \"below\": 0.8}],
                or with `above` for errors
  minRows       new rows with a target below which it is never due. Default: 100
  holdOut       {\"share\": 0.3, \"seed\": 42}: new rows drawn to judge both models by, of each class its share; with
                {\"time\": \"COLUMN\"} the last ones by that column, which is fairer where rows near in time are alike:
                of those drawn, a challenger has seen the neighbours. No model is trained on them
  promotion     {\"metric\": \"accuracy\", \"minImprovement\": 0, \"tolerance\": 0, \"confidence\": 0.95}: the challenger is
                promoted where its metric on the held-out rows is better by more than minImprovement, and the interval
                of that difference (a paired bootstrap) does not reach below -tolerance. Metrics: accuracy,
                balancedAccuracy, logLoss, rocAuc; r2, rmse, mae. Default: accuracy, or r2 of numbers

The challenger has the champion's learner, parameters, seed, columns and way of reading. Of a registered model these \
come from its run; of a file, from what it says itself: learner, parameters, seed and columns. What the command says of \
how rows are read counts, beside that.";

#[derive(Args)]
#[command(after_help = HELP)]
pub struct RetrainArgs {
    /// The champion: a registered model as NAME@champion or NAME/3, or a model file.
    #[arg(required_unless_present = "workflow")]
    model: Option<PathBuf>,
    /// New rows with the target, as CSV: those that came since the champion was trained. Rows without a target are
    /// left out.
    #[arg(required_unless_present = "workflow")]
    data: Option<PathBuf>,
    /// Old rows, as CSV, to train on beside the new ones. Both models are judged on new rows alone.
    #[arg(long, value_name = "CSV")]
    with: Option<PathBuf>,
    /// When it is due, and when the challenger is promoted, as JSON (see below). Default: due for an alarm of
    /// the default rules, promoted where it is surely no worse and better as measured.
    #[arg(long, value_name = "JSON")]
    policy: Option<PathBuf>,
    /// Train even where it is not due.
    #[arg(long)]
    force: bool,
    /// Register the challenger as the next version, whatever the verdict.
    #[arg(long, conflicts_with = "no_track")]
    register: bool,
    /// Register the challenger, and make it the champion where the rule says so.
    #[arg(long, conflicts_with = "no_track")]
    promote: bool,
    /// The name to register under. Default: the champion's.
    #[arg(long)]
    name: Option<String>,
    /// Where to save the challenger.
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Threads to train with. Default: one a core. The model does not depend on it.
    #[arg(long)]
    jobs: Option<usize>,
    /// Print a GitHub Actions workflow that checks, retrains and promotes every day, for the model and the file
    /// that are named, and do nothing else. How rows are read is not in it.
    #[arg(long)]
    workflow: bool,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    read: ReadArgs,
}

/// A challenger, and what is said of it.
struct Challenger {
    model: Model,
    report: Report,
    verdict: Verdict,
}

/// `hedgerow retrain`.
pub fn run(args: &RetrainArgs, as_json: bool) -> Result<(), Failure> {
    let (Some(model), Some(data), false) = (&args.model, &args.data, args.workflow) else {
        return files::print(&workflow::text(args));
    };
    interrupt::watch();
    let policy = match &args.policy {
        Some(path) => read_policy(&files::read(path)?)?,
        None => Policy::default(),
    };
    let mut champion = Champion::find(model, &args.record.store)?;
    champion.read_as(&args.read);
    let name = registry::name(args, &champion)?;
    let rows = Rows::read(data, args.with.as_deref(), &champion, &args.record)?;
    let (decision, notes) = decide::decide(&champion, &rows, &policy)?;
    let mut outcome = Outcome::new(champion.called.clone(), decision, notes);
    let mut ended = Ok(());
    if outcome.is_due() || args.force {
        let (recipe, parts) = rows.parts(&champion, &policy)?;
        let challenge = Challenge { args, champion: &champion, recipe, parts, policy: &policy };
        let (found, kept) = challenge.recorded(data, &mut outcome)?;
        ended = match (found, name) {
            (None, _) => return kept,
            (Some(found), Some(name)) if kept.is_ok() => {
                registry::register(args, &name, &champion, &found, &mut outcome)
            }
            _ => kept,
        };
    }
    files::print(&if as_json { show::pretty(&outcome) } else { outcome.text() })?;
    ended
}

/// All that a challenger is made by.
struct Challenge<'a> {
    args: &'a RetrainArgs,
    champion: &'a Champion,
    recipe: Recipe,
    parts: Parts,
    policy: &'a Policy,
}

impl Challenge<'_> {
    /// Trains and judges as a run, which has ended then: what was found, and what went wrong.
    fn recorded(
        &self,
        data: &Path,
        outcome: &mut Outcome,
    ) -> Result<(Option<Challenger>, Result<(), Failure>), Failure> {
        let facts = Facts {
            data,
            table: &self.parts.data,
            recipe: self.recipe.to_json(),
            params: learner_params(&self.recipe.train.learner.record()),
            name: &format!("retrain {}", self.champion.called),
            study: None,
        };
        let bytes = self.parts.bytes.clone();
        let mut recording = Recording::begin(&self.args.record, &facts, bytes)?;
        outcome.run = recording.as_ref().map(|recording| recording.run().to_owned());
        let found = self.trained(recording.as_mut());
        let keep = |recording: &mut Recording, found: &Challenger| {
            recording.model(&found.model, Some(&found.report))?;
            let tags = outcome::tags(self.champion, &found.verdict);
            recording.note(tags, "verdict.json", &show::pretty(&found.verdict))
        };
        let (found, kept) = Recording::kept(recording, found, keep);
        outcome.verdict = found.as_ref().map(|found| found.verdict.clone());
        outcome.out = self.args.out.as_ref().map(|out| out.display().to_string());
        Ok((found, kept))
    }

    /// Trains a challenger, and judges it and the champion on the rows held out.
    fn trained(&self, mut recording: Option<&mut Recording>) -> Result<Challenger, Failure> {
        let mut watch = |training: &Training| {
            if let (Some(recording), Some(score)) = (&mut recording, training.score()) {
                recording.score(training.done(), &score);
            }
        };
        let Parts { train, test, .. } = &self.parts;
        let model = self.recipe.train(train, Some(test), jobs(self.args.jobs), &mut watch)?;
        if let Some(out) = &self.args.out {
            files::write(out, &model.to_bytes())?;
        }
        let verdict = judge(&self.champion.model, &model, test, &self.policy.promotion)?;
        let report = evaluate(&model, test, &EvaluateOptions::default())?;
        Ok(Challenger { model, report, verdict })
    }
}
