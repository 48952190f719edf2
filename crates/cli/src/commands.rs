//! One function a command: read, one call, write.

use std::path::Path;
use std::thread::available_parallelism;

use hedgerow_data::{Column, SplitOptions, Table, Values, write_csv};
use hedgerow_evaluate::{EvaluateOptions, Report, columns_for};
use hedgerow_learn::choose::AdjustOptions;
use hedgerow_learn::{Learner, TaskChoice, TrainOptions, Training};
use hedgerow_model::{Kind, Model, Prediction};

use crate::args::{EvaluateArgs, InspectArgs, LearnersArgs, PredictArgs, TaskArg, TrainArgs};
use crate::failure::Failure;
use crate::files::ReadOptions;
use crate::track::{Facts, Recipe, Recording, learner_params, read_data, resolve};
use crate::{files, interrupt, learners, show};

/// `hedgerow train`.
pub fn train(args: &TrainArgs, as_json: bool) -> Result<(), Failure> {
    interrupt::watch();
    let read = ReadOptions::from(&args.read);
    let (table, bytes) = read_data(&args.data, &args.record, &read)?;
    let recipe = recipe(args, &table, read)?;
    let mut recording = Recording::begin(&args.record, &facts(args, &table, &recipe), bytes)?;
    let run = recording.as_ref().map(|recording| recording.run().to_owned());
    let found = train_and_save(args, &table, &recipe, recording.as_mut());
    let keep = |recording: &mut Recording, (model, report): &(Model, Option<Report>)| {
        recording.model(model, report.as_ref())
    };
    Recording::ended(recording, found, keep, |(model, report)| {
        show::trained(model, report.as_ref(), &args.out, run.as_deref(), as_json)
    })
}

fn train_and_save(
    args: &TrainArgs,
    table: &Table,
    recipe: &Recipe,
    mut recording: Option<&mut Recording>,
) -> Result<(Model, Option<Report>), Failure> {
    let (fit_rows, test_rows) = recipe.split(table)?;
    let mut watch = |training: &Training| {
        if let (Some(recording), Some(score)) = (&mut recording, training.score()) {
            recording.score(training.done(), &score);
        }
    };
    let model = recipe.train(&fit_rows, test_rows.as_ref(), jobs(args.jobs), &mut watch)?;
    files::write(&args.out, &model.to_bytes())?;
    let report = test_rows.map(|rows| evaluate_table(&model, &rows)).transpose()?;
    if let (Some(report), Some(path)) = (&report, &args.report) {
        write_report(path, report)?;
    }
    Ok((model, report))
}

/// What is asked for.
fn recipe(args: &TrainArgs, table: &Table, read: ReadOptions) -> Result<Recipe, Failure> {
    Ok(Recipe {
        train: train_options(args)?,
        adjust: Some(AdjustOptions {
            calibrate: args.calibrate.map(Into::into),
            threshold: args.threshold,
        }),
        split: split_options(args),
        last: None,
        study: None,
        folds: None,
        metric: None,
        profile: !args.no_profile,
        read,
        data: table.sha256(),
    })
}

/// What the run of a training says of it.
fn facts<'a>(args: &'a TrainArgs, table: &'a Table, recipe: &Recipe) -> Facts<'a> {
    let mut params = learner_params(&recipe.train.learner.record());
    params.insert("seed".to_owned(), args.seed.to_string());
    params.extend(args.target.clone().map(|target| ("target".to_owned(), target)));
    params.insert("test_size".to_owned(), args.test_size.to_string());
    let (recipe, name) = (recipe.to_json(), args.learner.as_str());
    Facts { data: &args.data, table, recipe, params, name, study: None }
}

/// Threads: as many as asked for, or one a core.
pub fn jobs(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| available_parallelism().map_or(1, usize::from))
}

/// What to predict.
pub fn task_choice(task: TaskArg) -> TaskChoice {
    match task {
        TaskArg::Auto => TaskChoice::Auto,
        TaskArg::Classification => TaskChoice::Classification,
        TaskArg::Regression => TaskChoice::Regression,
    }
}

/// How rows are kept out to test on; without a target there is nothing to measure a model by.
fn split_options(args: &TrainArgs) -> Option<SplitOptions> {
    if args.test_size == 0.0 || args.target.is_none() {
        return None;
    }
    Some(SplitOptions {
        test_size: args.test_size,
        seed: args.seed,
        stratify: args.target.clone().filter(|_| args.stratify),
    })
}

fn train_options(args: &TrainArgs) -> Result<TrainOptions, Failure> {
    let learner = Learner::from_params(&args.learner, args.set.iter().cloned())?;
    Ok(TrainOptions {
        target: args.target.clone(),
        task: task_choice(args.task),
        seed: args.seed,
        features: (!args.features.is_empty()).then(|| args.features.clone()),
        sample_weight: args.sample_weight.clone(),
        ..TrainOptions::without_target(learner)
    })
}

/// `hedgerow evaluate`.
pub fn evaluate(args: &EvaluateArgs, as_json: bool) -> Result<(), Failure> {
    let model = resolve(&args.model, &args.store)?;
    let table = files::read_table(&args.data, &(&args.read).into())?;
    let report = evaluate_table(&model, &table)?;
    if let Some(path) = &args.report {
        write_report(path, &report)?;
    }
    files::print(&show::report(&report, as_json))
}

fn evaluate_table(model: &Model, table: &Table) -> Result<Report, Failure> {
    Ok(hedgerow_evaluate::evaluate(model, table, &EvaluateOptions::default())?)
}

fn write_report(path: &Path, report: &Report) -> Result<(), Failure> {
    files::write(path, show::pretty(report).as_bytes())
}

/// `hedgerow predict`.
pub fn predict(args: &PredictArgs, as_json: bool) -> Result<(), Failure> {
    let model = resolve(&args.model, &args.store)?;
    let table = files::read_table(&args.data, &(&args.read).into())?;
    let prediction = model.predict(&columns_for(&model, &table)?.raw())?;
    let mut columns = if args.append { table.columns().to_vec() } else { Vec::new() };
    columns.push(prediction_column(&model, &prediction)?);
    if args.proba {
        columns.extend(probability_columns(&model, &prediction));
    }
    let table = Table::new(columns)?;
    if as_json {
        return files::print(&show::rows(&table));
    }
    files::printed(write_csv(&table, std::io::BufWriter::new(std::io::stdout().lock())))
}

fn prediction_column(model: &Model, prediction: &Prediction) -> Result<Column, Failure> {
    let name = format!("{}.predicted", model.schema.target.name);
    let classes = model.schema.task.classes();
    if classes.is_empty() {
        let values = Values::Numbers(prediction.values.clone());
        return Ok(Column { name, kind: Kind::Number, values });
    }
    let dictionary = std::sync::Arc::new(classes.iter().collect());
    let values = Values::Strings { codes: prediction.classes(), dictionary };
    Ok(Column { name, kind: Kind::Category, values })
}

fn probability_columns(model: &Model, prediction: &Prediction) -> Vec<Column> {
    let classes = model.schema.task.classes();
    let column = |(index, class): (usize, &String)| Column {
        name: format!("probability.{class}"),
        kind: Kind::Number,
        values: Values::Numbers(
            prediction.values.iter().skip(index).step_by(classes.len()).copied().collect(),
        ),
    };
    classes.iter().enumerate().map(column).collect()
}

/// `hedgerow inspect`.
pub fn inspect(args: &InspectArgs, as_json: bool) -> Result<(), Failure> {
    let model = resolve(&args.model, &args.store)?;
    let Some(tree) = args.tree else { return files::print(&show::model(&model, as_json)) };
    let picture = model.tree(tree, args.max_depth)?;
    files::print(&if as_json { show::pretty(&picture) } else { picture.to_text() })
}

/// `hedgerow learners`.
pub fn learners(args: &LearnersArgs, as_json: bool) -> Result<(), Failure> {
    files::print(&learners::show(args.learner.as_deref(), as_json)?)
}
