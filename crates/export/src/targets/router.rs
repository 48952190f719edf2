//! Two models behind one address: what serves a champion, and a challenger to some of the units.

use hedgerow_model::Model;

use super::templates::{ROUTER, ROUTER_ALERTS, Values, label};
use super::{File, Kit, check_name, recording, sample};
use crate::{Description, ExportError, image, module};

/// A model that is to be compared with another.
#[derive(Debug, Clone, Copy)]
pub struct Challenger<'a> {
    pub model: &'a Model,
    /// The share of units that it answers, 0 to 1.
    pub weight: f64,
}

/// The files of a router that is served as `name`: on Node, Deno and Bun, and on Cloudflare. Both models answer as
/// `name`, so that nobody who asks needs to know which it was. They record where both have a training profile.
///
/// # Errors
/// [`ExportError::BadName`], [`ExportError::BadWeight`], [`ExportError::NotAlike`], [`ExportError::TooLarge`],
/// [`ExportError::NotAScorer`].
pub fn router(
    champion: &Model,
    challenger: Challenger,
    name: &str,
    kit: Kit,
) -> Result<Vec<File>, ExportError> {
    check_name(name)?;
    if !(0.0..=1.0).contains(&challenger.weight) {
        return Err(ExportError::BadWeight);
    }
    let one = Description::of(champion, name);
    let other = Description::of(challenger.model, name);
    check_alike(&one, &other)?;
    let both = [("champion", champion, &one), ("challenger", challenger.model, &other)];
    let records = both.iter().all(|(_, model, _)| model.training_profile.is_some());
    let mut files =
        vec![File::text("handler.mjs", kit.handler), File::text("router.mjs", kit.router)];
    for (folder, model, description) in both {
        let scorer = module(kit.scorer, &image(model, description)?)?;
        files.push(File::new(&format!("{folder}/model.wasm"), scorer));
        if let Some(profile) = model.training_profile.as_ref().filter(|_| records) {
            let recorder = recording::recorder(description, profile, kit)?;
            files.push(File::new(&format!("{folder}/recorder.wasm"), recorder));
        }
    }
    if records {
        files.extend(recording::beside(kit));
    } else {
        files.push(recording::kept());
    }
    let values = Values::of_router(places(champion, challenger, &one, &other), records);
    values.fill_all(ROUTER, &mut files);
    files.push(File::text("monitoring/router-alerts.yml", ROUTER_ALERTS));
    Ok(files)
}

/// That both say the same kind of thing about the same thing.
fn check_alike(one: &Description, other: &Description) -> Result<(), ExportError> {
    // Without sets, for which a module would have to sort.
    let has_all =
        |a: &Description, b: &Description| b.classes.iter().all(|one| a.classes.contains(one));
    let reason = if one.target != other.target {
        format!("one predicts {:?}, the other {:?}", one.target, other.target)
    } else if one.task != other.task {
        format!("one is for {}, the other for {}", one.task, other.task)
    } else if !has_all(one, other) || !has_all(other, one) {
        "their classes differ".to_owned()
    } else {
        return Ok(());
    };
    Err(ExportError::NotAlike { reason })
}

fn places(
    champion: &Model,
    challenger: Challenger,
    one: &Description,
    other: &Description,
) -> Vec<(&'static str, String)> {
    let short = |description: &Description| description.version.chars().take(8).collect::<String>();
    let sample = sample::row(champion);
    vec![
        ("name", one.name.to_owned()),
        ("experiment", format!("{}-{}-{}", one.name, short(one), short(other))),
        ("champion", about(champion, one)),
        ("challenger", about(challenger.model, other)),
        ("target", one.target.to_owned()),
        ("champion weight", weight(1.0 - challenger.weight)),
        ("challenger weight", weight(challenger.weight)),
        ("sample in quotes", sample.replace('\'', "'\\''")),
        ("label in quotes", label(one.classes)),
    ]
}

fn about(model: &Model, Description { learner, version, .. }: &Description) -> String {
    let rows = model.provenance.training_data.rows;
    format!("`{learner}`, trained on {rows} rows, version `{version}`")
}

/// Without what subtraction leaves behind the digits that were given.
fn weight(share: f64) -> String {
    serde_json::Value::from(libm::round(share * 1e12) / 1e12).to_string()
}
