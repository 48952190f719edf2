//! `hedgerow reproduce`: a run done again, and what differs.

use std::path::Path;

use hedgerow_data::Table;
use hedgerow_learn::Learner;
use hedgerow_model::{LearnerRecord, Model, Provenance, sha256_hex};
use hedgerow_track::{MODEL_PATH, TrackError};
use serde::Serialize;

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
    /// Whether the model is the same, to the byte.
    same: bool,
    /// SHA-256 of the model file that the run kept, and of the one that came out.
    kept: String,
    found: String,
    /// What differs, from what was kept to what came out.
    differences: Vec<String>,
}

/// `hedgerow reproduce`.
pub fn reproduce(args: &ReproduceArgs, as_json: bool) -> Result<(), Failure> {
    let store = Store::new(&args.store);
    let (run, recipe, kept, bytes) = store.read(|workspace| {
        let run = workspace.run_id(&args.run)?;
        let (recipe, kept) = (workspace.recipe(&run)?, workspace.artifact(&run, MODEL_PATH)?);
        let data = recipe.get("data").map(plain).unwrap_or_default();
        let bytes = match workspace.dataset_bytes(&data) {
            Err(TrackError::Missing { .. }) => None,
            found => found?,
        };
        Ok((run, recipe, kept, bytes))
    })?;
    let mut recipe = Recipe::from_json(&run, recipe)?;
    let before = Model::from_bytes(&kept)?.provenance;
    if recipe.study.is_some() {
        // What a search found stands in its model alone.
        let LearnerRecord { kind, params } = &before.learner;
        recipe.train.learner = Learner::from_params(kind, params.clone())?;
    }
    let table = match (&args.data, bytes) {
        (Some(path), _) => files::read_table(path, &recipe.read)?,
        (None, Some(bytes)) => {
            files::parse_table(bytes.as_slice(), Path::new("kept data"), &recipe.read)?
        }
        (None, None) => return Err(Failure::no_data(&run)),
    };
    let model = recipe.train(&recipe.split(&table)?.0, jobs(args.jobs), &mut |_| ())?;
    let found = model.to_bytes();
    if let Some(out) = &args.out {
        files::write(out, &found)?;
    }
    let outcome = Reproduced {
        same: found == kept,
        differences: differences(&recipe, &table, &before, &model.provenance),
        kept: sha256_hex(&kept),
        found: sha256_hex(&found),
        run,
    };
    files::print(&if as_json { pretty(&outcome) } else { outcome.text() })?;
    if outcome.same { Ok(()) } else { Err(Failure::not_reproduced(&outcome.run)) }
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
        let Self { run, same, kept, found, differences } = self;
        let verdict = if *same { "the same model, to the byte" } else { "another model" };
        let mut text = format!("{run}: {verdict}\nkept   {kept}\nfound  {found}\n");
        for difference in differences {
            text += &format!("differs  {difference}\n");
        }
        text
    }
}
