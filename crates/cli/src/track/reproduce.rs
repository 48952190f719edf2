//! `hedgerow reproduce`: a run done again, and what differs.

use std::path::Path;

use hedgerow_data::{SplitOptions, Table, train_test_split};
use hedgerow_learn::choose::{StudyKind, StudyOptions};
use hedgerow_model::{Model, Provenance, sha256_hex};
use serde::Serialize;

use super::args::ReproduceArgs;
use super::record::plain;
use super::{Recipe, Store};
use crate::commands::jobs;
use crate::failure::Failure;
use crate::show::pretty;
use crate::{files, fit, study};

/// Where runs keep their model.
const MODEL: &str = "model.safetensors";

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
        let (recipe, kept) = (workspace.recipe(&run)?, workspace.artifact(&run, MODEL)?);
        let data = recipe.get("data").map(plain).unwrap_or_default();
        let bytes = workspace.dataset_bytes(&data).ok().flatten();
        Ok((run, recipe, kept, bytes))
    })?;
    let recipe = Recipe::from_json(&run, recipe)?;
    let table = match (&args.data, bytes) {
        (Some(path), _) => files::read_table(path, &recipe.read)?,
        (None, Some(bytes)) => {
            files::parse_table(bytes.as_slice(), Path::new("kept data"), &recipe.read)?
        }
        (None, None) => return Err(Failure::no_data(&run)),
    };
    let model = train(&recipe, &table, jobs(args.jobs))?;
    let found = model.to_bytes();
    if let Some(out) = &args.out {
        files::write(out, &found)?;
    }
    let outcome = Reproduced {
        same: found == kept,
        differences: differences(&recipe, &table, &kept, &model)?,
        kept: sha256_hex(&kept),
        found: sha256_hex(&found),
        run,
    };
    files::print(&if as_json { pretty(&outcome) } else { outcome.text() })?;
    if outcome.same { Ok(()) } else { Err(Failure::not_reproduced(&outcome.run)) }
}

/// Does what `hedgerow train` does.
fn train(recipe: &Recipe, table: &Table, jobs: usize) -> Result<Model, Failure> {
    let rows = match &recipe.split {
        Some(split) => fit_rows(table, split)?,
        None => table.clone(),
    };
    let mut model = fit::train(&rows, recipe.train.clone(), jobs, &mut |_| Ok(()))?;
    if let Some(adjust) = recipe.adjust.filter(|adjust| adjust.is_needed()) {
        let options = StudyOptions::new(recipe.train.clone(), StudyKind::Adjustment(adjust));
        study::run(&rows, options, jobs, None)?.adjust(&mut model)?;
    }
    Ok(model)
}

fn fit_rows(table: &Table, split: &SplitOptions) -> Result<Table, Failure> {
    Ok(train_test_split(table, split)?.0)
}

/// What may be why, the most telling first.
fn differences(
    recipe: &Recipe,
    table: &Table,
    kept: &[u8],
    model: &Model,
) -> Result<Vec<String>, Failure> {
    let before = Model::from_bytes(kept)?;
    let (before, after) = (&before.provenance, &model.provenance);
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
    Ok(found)
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
