//! Models of every learner and kind of target, and rows to score.
#![allow(dead_code, reason = "no test needs all of it")]

use std::fmt::Write;

use hedgerow_data::{CsvOptions, Table, read_csv};
use hedgerow_export::{Description, ExportError};
use hedgerow_learn::{Learner, TaskChoice, TrainOptions, train};
use hedgerow_model::{Calibration, Isotonic, Kind, MISSING_CODE, Model, Raw, Sigmoid, Task};
use hedgerow_scorer::{Input, MISSING_TEXT, Scorer, Scores, Span};

const ROWS: usize = 240;

/// Numbers, a boolean, a category and a date, all but one with gaps; two targets of classes and one
/// of numbers.
fn table() -> Table {
    let mut csv = "size,age,member,job,since,level,group,price\n".to_owned();
    for row in 0..ROWS {
        let size = (row * 37 % 101) as f64 / 7.0;
        let age = if row % 11 == 3 { String::new() } else { (row * 13 % 60 + 18).to_string() };
        let member = ["true", "false", "true", ""][row % 4];
        let job = ["clerk", "nurse", "", "chef", "päst", "clerk", "pilot"][row * 5 % 7];
        let since = format!("20{:02}-{:02}-{:02}", 10 + row % 13, 1 + row % 12, 1 + row * 7 % 28);
        let score =
            size * 2.0 + (row * 13 % 60) as f64 / 9.0 + if job == "chef" { 9.0 } else { 0.0 };
        let level = if score > 20.0 { "high" } else { "low" };
        let group = ["red", "green", "blue"][(score / 14.0) as usize % 3];
        writeln!(csv, "{size},{age},{member},{job},{since},{level},{group},{score}").unwrap();
    }
    read_csv(csv.as_bytes(), &CsvOptions::default()).unwrap()
}

fn targets(task: &TaskChoice) -> &'static [&'static str] {
    match task {
        TaskChoice::Regression => &["price"],
        TaskChoice::Anomaly => &["level"],
        _ => &["level", "group"],
    }
}

/// A model of every learner for everything that it can predict, with what it is.
pub fn models() -> Vec<(String, Model)> {
    let table = table();
    let features = ["size", "age", "member", "job", "since"].map(str::to_owned).to_vec();
    let mut models = Vec::new();
    for kind in Learner::KINDS {
        let learner = Learner::from_params(kind, []).unwrap();
        for task in learner.tasks() {
            for target in targets(task) {
                let options = TrainOptions {
                    learner: learner.clone(),
                    task: *task,
                    features: Some(features.clone()),
                    ..TrainOptions::new(*target)
                };
                let model = train(&table, options).unwrap_or_else(|e| panic!("{kind}: {e}"));
                models.push((format!("{kind} for {target}"), model));
            }
        }
    }
    models
}

/// The same corrected in either way, and of two classes with a threshold.
pub fn adjusted(model: &Model) -> Vec<Model> {
    let Task::Classification { classes } = &model.schema.task else { return Vec::new() };
    let curves = if classes.len() == 2 { 1 } else { classes.len() };
    let threshold = (classes.len() == 2).then_some(0.3);
    let sigmoid = Sigmoid { slope: 1.5, intercept: -0.25 };
    let steps = Isotonic { from: vec![0.1, 0.4, 0.8], to: vec![0.0, 0.5, 0.9] };
    [
        Calibration::Sigmoid { curves: vec![sigmoid; curves] },
        Calibration::Isotonic { curves: vec![steps; curves] },
    ]
    .map(|calibration| Model { calibration: Some(calibration), threshold, ..model.clone() })
    .to_vec()
}

/// Raw cells, column by column: numbers, or texts.
pub enum Cells {
    Numbers(Vec<f64>),
    Texts(Vec<Option<String>>),
}

/// Rows with what training never had: values beyond all others, unseen categories, gaps everywhere.
pub fn rows(model: &Model, n: usize, seed: u64) -> Vec<Cells> {
    let mut state = seed;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let fields = model.schema.features.iter();
    fields
        .map(|field| match field.kind {
            Kind::Category | Kind::Text => Cells::Texts(
                (0..n)
                    .map(|_| {
                        let words =
                            ["clerk", "nurse", "chef", "päst", "pilot", "zebra", "", "cleric"];
                        words.get(draw(9) as usize).map(|&word| word.to_owned())
                    })
                    .collect(),
            ),
            kind => Cells::Numbers(
                (0..n)
                    .map(|_| match (draw(8), kind) {
                        (0, _) => f64::NAN,
                        (1, Kind::Number) => 1e9,
                        (_, Kind::Boolean) => draw(2) as f64,
                        (_, Kind::Date) => draw(2_000_000) as f64 * 1e6,
                        _ => draw(800) as f64 / 7.0 - 10.0,
                    })
                    .collect(),
            ),
        })
        .collect()
}

/// What the library predicts.
pub fn predict(model: &Model, cells: &[Cells]) -> (Vec<f64>, Vec<u32>) {
    let codes: Vec<(Vec<u32>, Vec<&str>)> = cells
        .iter()
        .map(|cells| {
            let Cells::Texts(texts) = cells else { return Default::default() };
            let code = |(row, text): (usize, &Option<String>)| {
                if text.is_some() { row as u32 } else { MISSING_CODE }
            };
            let dictionary = texts.iter().map(|text| text.as_deref().unwrap_or("")).collect();
            (texts.iter().enumerate().map(code).collect(), dictionary)
        })
        .collect();
    let raw = cells.iter().zip(&codes).map(|(cells, (codes, dictionary))| match cells {
        Cells::Numbers(values) => Raw::Numbers(values),
        Cells::Texts(_) => Raw::Strings { codes, dictionary: dictionary.clone() },
    });
    let prediction = model.predict(&raw.collect::<Vec<_>>()).unwrap();
    let classes = match model.schema.task {
        Task::Regression => vec![0; prediction.rows()],
        Task::Classification { .. } => prediction.classes(),
    };
    (prediction.values, classes)
}

/// The image of a model.
pub fn image(model: &Model) -> Result<Vec<u8>, ExportError> {
    hedgerow_export::image(model, &Description::of(model, "model"))
}

/// What the scorer makes of an image and the same cells.
pub fn score(image: &[u8], cells: &[Cells], rows: usize) -> Result<Scores, hedgerow_scorer::Fault> {
    let aligned = aligned(image);
    let scorer = Scorer::load(&bytemuck::cast_slice(&aligned)[..image.len()])?;
    let mut texts = Vec::new();
    let mut words: Vec<u64> = Vec::new();
    for cells in cells {
        match cells {
            Cells::Numbers(values) => words.extend(values.iter().map(|value| value.to_bits())),
            Cells::Texts(own) => words.extend(own.iter().map(|text| {
                let length = text.as_ref().map_or(MISSING_TEXT, |text| text.len() as u32);
                let span = Span { start: texts.len() as u32, length };
                texts.extend_from_slice(text.as_deref().unwrap_or("").as_bytes());
                bytemuck::cast::<Span, u64>(span)
            })),
        }
    }
    scorer.score(&Input { rows, cells: &words, texts: &texts })
}

/// A copy that begins where an image may.
pub fn aligned(bytes: &[u8]) -> Vec<u64> {
    let mut words = vec![0u64; bytes.len().div_ceil(8)];
    bytemuck::cast_slice_mut(&mut words)[..bytes.len()].copy_from_slice(bytes);
    words
}
