//! `hedgerow reproduce`: a run done again, and what differs.

use std::path::Path;

use hedgerow_data::Table;
use hedgerow_learn::Learner;
use hedgerow_model::{LearnerRecord, Model, Provenance, sha256_hex};
use hedgerow_track::{MODEL_PATH, TrackError};
use serde::Serialize;

use super::again::study_again;
use super::args::ReproduceArgs;
use super::record::plain;
use super::{Recipe, Store};
use crate::commands::jobs;
use crate::failure::Failure;
use crate::files;
use crate::show::pretty;

/// What came out.
#[derive(Debug, Serialize)]
struct Reproduced {
    run: String,
    /// What was done again.
    again: Again,
    /// Whether the model is the same, to the byte; or all scores, to the bit.
    same: bool,
    /// How many scores a study has.
    #[serde(skip_serializing_if = "Option::is_none")]
    scores: Option<usize>,
    /// SHA-256 of the model file that the run kept, and of the one that came out.
    #[serde(flatten)]
    models: Option<Hashes>,
    /// What differs, from what was kept to what came out.
    differences: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Again {
    Training,
    /// The training of the best that a search found; not the search.
    BestTrial,
    Study,
}

#[derive(Debug, Serialize)]
struct Hashes {
    kept: String,
    found: String,
}

/// `hedgerow reproduce`.
pub fn reproduce(args: &ReproduceArgs, as_json: bool) -> Result<(), Failure> {
    let store = Store::new(&args.store);
    let (run, recipe, bytes) = store.read(|workspace| {
        let run = workspace.run_id(&args.run)?;
        let recipe = workspace.recipe(&run)?;
        let data = recipe.get("data").map(plain).unwrap_or_default();
        let bytes = match workspace.dataset_bytes(&data) {
            Err(TrackError::Missing { .. }) => None,
            found => found?,
        };
        Ok((run, recipe, bytes))
    })?;
    let recipe = Recipe::from_json(&run, recipe)?;
    let table = match (&args.data, bytes) {
        (Some(path), _) => files::read_table(path, &recipe.read)?,
        (None, Some(bytes)) => {
            files::parse_table(bytes.as_slice(), Path::new("kept data"), &recipe.read)?
        }
        (None, None) => return Err(Failure::no_data(&run)),
    };
    let outcome = match recipe.study() {
        Some(_) if args.out.is_some() => return Err(Failure::no_model(&run)),
        Some(options) => {
            let (scores, differences) =
                study_again(&store, &run, &table, options, jobs(args.jobs))?;
            Reproduced {
                run,
                again: Again::Study,
                same: differences.is_empty(),
                scores: Some(scores),
                models: None,
                differences,
            }
        }
        None => train_again(&store, run, recipe, &table, args)?,
    };
    files::print(&if as_json { pretty(&outcome) } else { outcome.text() })?;
    if outcome.same { Ok(()) } else { Err(Failure::not_reproduced(&outcome.run)) }
}

fn train_again(
    store: &Store,
    run: String,
    mut recipe: Recipe,
    table: &Table,
    args: &ReproduceArgs,
) -> Result<Reproduced, Failure> {
    let kept = store.read(|workspace| workspace.artifact(&run, MODEL_PATH))?;
    let before = Model::from_bytes(&kept)?.provenance;
    let mut again = Again::Training;
    if recipe.study.is_some() {
        // What a search found stands in its model alone.
        let LearnerRecord { kind, params } = &before.learner;
        recipe.train.learner = Learner::from_params(kind, params.clone())?;
        again = Again::BestTrial;
    }
    let (fit_rows, held_out) = recipe.split(table)?;
    let model = recipe.train(&fit_rows, held_out.as_ref(), jobs(args.jobs), &mut |_| ())?;
    let found = model.to_bytes();
    if let Some(out) = &args.out {
        files::write(out, &found)?;
    }
    Ok(Reproduced {
        run,
        again,
        same: found == kept,
        scores: None,
        differences: differences(&recipe, table, &before, &model.provenance),
        models: Some(Hashes { kept: sha256_hex(&kept), found: sha256_hex(&found) }),
    })
}

/// What may be why, the most telling first.
fn differences(
    recipe: &Recipe,
    table: &Table,
    before: &Provenance,
    after: &Provenance,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, before: &str, after: &str| {
        if before != after {
            found.push(format!("{what}: {before} → {after}"));
        }
    };
    let version = |Provenance { library_version, .. }: &Provenance| library_version.clone();
    compare("version of hedgerow", &version(before), &version(after));
    compare("data set", &recipe.data, &table.sha256());
    let rows = |n: u64| n.to_string();
    compare("rows learned from", &rows(before.training_data.rows), &rows(after.training_data.rows));
    compare("rows learned from, hash", &before.training_data.sha256, &after.training_data.sha256);
    for (name, value) in &before.learner.params {
        let after = after.learner.params.get(name).map_or("none".to_owned(), plain);
        compare(&format!("parameter {name}"), &plain(value), &after);
    }
    for (name, value) in &before.metrics {
        let after = after.metrics.get(name).map_or("none".to_owned(), f64::to_string);
        compare(name, &value.to_string(), &after);
    }
    found
}

impl Reproduced {
    fn text(&self) -> String {
        let Self { run, models, differences, .. } = self;
        let mut text = format!("{run}: {}\n", self.verdict());
        if let Some(Hashes { kept, found }) = models {
            text += &format!("kept   {kept}\nfound  {found}\n");
        }
        for difference in differences {
            text += &format!("differs  {difference}\n");
        }
        text
    }

    fn verdict(&self) -> String {
        let model = if self.same { "the same model, to the byte" } else { "another model" };
        let scores = self.scores.unwrap_or_default();
        match self.again {
            Again::Training => model.to_owned(),
            Again::BestTrial => format!(
                "{model}. The best trial was trained again, on all rows; the search was not done again"
            ),
            Again::Study if self.same => {
                format!("the study was done again, and gave the same {scores} scores")
            }
            Again::Study => {
                format!("the study was done again, and of {scores} scores some differ")
            }
        }
    }
}
