//! The model that is to be challenged, and the recipe it was made by.

use std::path::Path;

use hedgerow_learn::choose::{AdjustOptions, CalibrationMethod};
use hedgerow_learn::{Learner, TaskChoice, TrainOptions};
use hedgerow_model::{Calibration, LearnerRecord, Model, Task, sha256_hex};
use hedgerow_track::Version;

use crate::args::ReadArgs;
use crate::failure::Failure;
use crate::files::{self, ReadOptions};
use crate::track::{Recipe, Store, StoreArgs};

/// The alias that is moved where none is named.
const CHAMPION: &str = "champion";

/// The model in use.
pub struct Champion {
    pub model: Model,
    /// As it was asked for, or the version that it is.
    pub called: String,
    /// The version that it is, where it is registered.
    pub version: Option<Version>,
    /// SHA-256 of the model file.
    pub sha256: String,
    /// The alias that a promotion moves.
    pub alias: String,
    /// Since it was registered.
    pub age_seconds: Option<f64>,
    /// How it was trained, brought to what is trained again: its columns, its task, no search.
    pub recipe: Recipe,
}

impl Champion {
    /// A file, or a version of the workspace.
    pub fn find(path: &Path, store: &StoreArgs) -> Result<Self, Failure> {
        let text = path.to_string_lossy().into_owned();
        if path.exists() || !store.track.exists() {
            let bytes = files::read(path)?;
            return Self::new(path, &bytes, (text, None, None), None);
        }
        let store = Store::new(store);
        let (version, bytes, recipe) = store.read(|workspace| {
            let version = workspace.find_version(&text)?;
            let bytes = workspace.version_bytes(&version.name, version.version)?;
            let recipe = version.run.as_deref().map(|run| workspace.recipe(run)).transpose()?;
            Ok((version, bytes, recipe))
        })?;
        let age = (store.stamp().at - version.created) as f64 / 1_000.0;
        let recipe = match (&version.run, recipe) {
            (Some(run), Some(recipe)) => Some(Recipe::from_json(run, recipe)?),
            _ => None,
        };
        let called = format!("{}/{}", version.name, version.version);
        let mut found = Self::new(path, &bytes, (called, Some(version), Some(age)), recipe)?;
        if let Some((_, alias)) = text.rsplit_once('@') {
            alias.clone_into(&mut found.alias);
        }
        Ok(found)
    }

    /// Rows are read as the command says, where it says anything.
    pub fn read_as(&mut self, args: &ReadArgs) {
        self.recipe.read = self.recipe.read.clone().with(args);
    }

    fn new(
        path: &Path,
        bytes: &[u8],
        (called, version, age_seconds): (String, Option<Version>, Option<f64>),
        recipe: Option<Recipe>,
    ) -> Result<Self, Failure> {
        let model = Model::from_bytes(bytes).map_err(|error| Failure::model(path, &error))?;
        let recipe = match recipe {
            Some(recipe) => again(recipe, &model)?,
            None => of_file(&called, &model)?,
        };
        let (sha256, alias) = (sha256_hex(bytes), CHAMPION.to_owned());
        Ok(Self { model, called, version, sha256, alias, age_seconds, recipe })
    }
}

fn features(model: &Model) -> Option<Vec<String>> {
    Some(model.schema.features.iter().map(|field| field.name.clone()).collect())
}

fn task(model: &Model, learner: &Learner) -> TaskChoice {
    match &model.schema.task {
        _ if learner.tasks() == [TaskChoice::Anomaly] => TaskChoice::Anomaly,
        Task::Classification { .. } => TaskChoice::Classification,
        Task::Regression => TaskChoice::Regression,
    }
}

fn learner(model: &Model) -> Result<Learner, Failure> {
    let LearnerRecord { kind, params } = &model.provenance.learner;
    Ok(Learner::from_params(kind, params.clone())?)
}

/// The same training for other rows. What a search found stands in its model alone.
fn again(mut recipe: Recipe, model: &Model) -> Result<Recipe, Failure> {
    if recipe.study.take().is_some() {
        recipe.train.learner = learner(model)?;
    }
    (recipe.folds, recipe.metric, recipe.split, recipe.last) = (None, None, None, None);
    recipe.train.features = features(model);
    recipe.train.task = task(model, &recipe.train.learner);
    recipe.profile |= model.training_profile.is_some();
    recipe.read = recipe.read.for_schema(&model.schema);
    Ok(recipe)
}

/// What a model file says of how it was trained.
fn of_file(called: &str, model: &Model) -> Result<Recipe, Failure> {
    let no_recipe = |reason: &str| Failure::no_recipe(called, reason);
    let learner = learner(model).map_err(|_| no_recipe("no learner of this library made it"))?;
    if model.threshold.is_some() && model.schema.task.classes().len() == 2 {
        return Err(no_recipe("what its threshold was chosen for is not in the file"));
    }
    let calibrate = model.calibration.as_ref().map(|calibration| match calibration {
        Calibration::Sigmoid { .. } => CalibrationMethod::Sigmoid,
        Calibration::Isotonic { .. } => CalibrationMethod::Isotonic,
    });
    let recipe = Recipe {
        train: TrainOptions {
            target: Some(model.schema.target.name.clone()),
            seed: model.provenance.seed,
            ..TrainOptions::without_target(learner)
        },
        adjust: Some(AdjustOptions { calibrate, threshold: None }),
        split: None,
        last: None,
        study: None,
        folds: None,
        metric: None,
        profile: false,
        read: ReadOptions::default(),
        data: String::new(),
    };
    again(recipe, model)
}
