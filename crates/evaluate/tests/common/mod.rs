//! A small model by hand, and tables for it.

use std::collections::BTreeMap;

use hedgerow_data::{Column, Table, Values};
use hedgerow_model::{
    Bins, Categories, Combine, DatePart, Encoding, Estimator, Field, Kind, LEAF, LearnerRecord,
    MISSING_CODE, Model, Preparation, Prepared, Provenance, Schema, Task, TrainingData,
    TreeEnsemble,
};

fn field(name: &str, kind: Kind, categories: &[&str]) -> Field {
    let categories = categories.iter().map(|&category| category.to_owned()).collect();
    Field { categories, ..Field::new(name, kind) }
}

/// Two trees over the raw columns `size` (number), `job` (category: no, perhaps, yes), `when`
/// (date, as month and hour) and `idle` (number), the last of which they never look at.
fn trees(n_outputs: usize, values: Vec<f64>) -> TreeEnsemble {
    TreeEnsemble {
        bins: vec![
            Bins::Numeric { edges: vec![1.5] },
            Bins::Categorical { n: 3 },
            Bins::Numeric { edges: vec![6.5] },
            Bins::Numeric { edges: vec![11.5] },
            Bins::Numeric { edges: vec![0.0] },
        ],
        roots: vec![0, 5],
        // size <= 1.5 ? leaf 0 : (job in {yes} ? leaf 1 : leaf 2)
        // month <= 6.5 ? leaf 0 : (hour <= 11.5 ? leaf 1 : leaf 2)
        feature: vec![0, LEAF, 1, LEAF, LEAF, 2, LEAF, 3, LEAF, LEAF],
        split: vec![1, 0, 0, 0, 0, 1, 0, 1, 0, 0],
        child: vec![2, 0, 4, 1, 2, 7, 0, 9, 1, 2],
        category_sets: vec![0b1000],
        n_outputs,
        values,
        rows: Vec::new(),
        combine: Combine::Mean,
    }
}

fn model(target: Field, task: Task, values: Vec<f64>, baseline: Vec<f64>) -> Model {
    let known = ["no", "perhaps", "yes"].map(str::to_owned).to_vec();
    let number = Encoding::Number { impute: None, scale: None };
    let encodings = [
        number.clone(),
        Encoding::Ordinal { categories: Categories { known, other: None, missing: None } },
        Encoding::Date {
            parts: vec![DatePart::Month, DatePart::Hour],
            impute: vec![None; 2],
            scale: vec![None; 2],
        },
        number,
    ];
    let n_outputs = task.n_outputs();
    let model = Model {
        schema: Schema {
            features: vec![
                field("size", Kind::Number, &[]),
                field("job", Kind::Category, &["no", "perhaps", "yes"]),
                field("when", Kind::Date, &[]),
                field("idle", Kind::Number, &[]),
            ],
            target,
            task,
        },
        preparation: Preparation {
            columns: (0..)
                .zip(encodings)
                .map(|(column, encoding)| Prepared { column, encoding })
                .collect(),
        },
        estimator: Estimator::Trees(trees(n_outputs, values)),
        calibration: None,
        threshold: None,
        training_profile: None,
        provenance: Provenance {
            library_version: "0.0.0".into(),
            learner: LearnerRecord { kind: "by-hand".into(), params: BTreeMap::new() },
            seed: 0,
            training_data: TrainingData { rows: 0, sha256: String::new() },
            metrics: BTreeMap::new(),
            history: BTreeMap::new(),
            feature_importances: vec![0.25, 0.25, 0.5, 0.0],
            baseline,
        },
    };
    Model::from_bytes(&model.to_bytes()).expect("a model made by hand is sound")
}

/// Predicts one of `classes`, which are two.
pub fn classifier(kind: Kind, classes: [&str; 2]) -> Model {
    let task = Task::Classification { classes: classes.map(str::to_owned).to_vec() };
    let values = vec![0.9, 0.1, 0.25, 0.75, 0.5, 0.5];
    model(Field::new("y", kind), task, values, vec![0.625, 0.375])
}

/// Predicts a number.
pub fn regressor() -> Model {
    let values = vec![10.0, 20.0, 40.0];
    model(Field::new("y", Kind::Number), Task::Regression, values, vec![24.0])
}

/// A column of strings; an empty one is missing.
pub fn strings(name: &str, values: &[&str]) -> Column {
    let code = |row: usize| if values[row].is_empty() { MISSING_CODE } else { row as u32 };
    let codes = (0..values.len()).map(code).collect();
    Column::categories(name, codes, values.iter().collect())
}

/// A column of a numeric kind.
pub fn numeric(name: &str, kind: Kind, values: &[f64]) -> Column {
    Column { name: name.into(), kind, values: Values::Numbers(values.to_vec()) }
}

/// Six rows, with `y` to choose.
pub fn table(y: Column) -> Table {
    const JULY: f64 = 1_373_000_000_000.0; // 2013-07-05T04:53:20Z
    let evening = JULY + 14.0 * 3_600_000.0;
    let january = 1_357_034_400_000.0;
    Table::new(vec![
        numeric("size", Kind::Number, &[1.0, 2.0, 2.0, f64::NAN, 1.0, 3.0]),
        strings("job", &["yes", "yes", "no", "perhaps", "", "unheard of"]),
        numeric("when", Kind::Date, &[january, JULY, evening, january, f64::NAN, evening]),
        numeric("idle", Kind::Number, &[5.0, 4.0, 3.0, 2.0, 1.0, 0.0]),
        y,
    ])
    .expect("columns of equal length")
}

/// The table with one column in place of that of the same name.
pub fn with(table: &Table, column: Column) -> Table {
    let replaced =
        |own: &Column| if own.name == column.name { column.clone() } else { own.clone() };
    Table::new(table.columns().iter().map(replaced).collect()).expect("columns of equal length")
}
