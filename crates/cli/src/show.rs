//! What the commands print.

use std::path::Path;

use hedgerow_data::{Column, Table};
use hedgerow_evaluate::{METRICS, Report};
use hedgerow_model::{Estimator, Model};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// JSON with line breaks and a final one.
pub fn pretty(value: &impl Serialize) -> String {
    // Reports are plain data with string keys; such data always is JSON.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The outcome of a training.
pub fn trained(model: &Model, report: Option<&Report>, out: &Path, as_json: bool) {
    let sha256 = model.sha256();
    if as_json {
        let metrics = &model.provenance.metrics;
        let out = out.display().to_string();
        let result = json!({ "out": out, "sha256": sha256, "metrics": metrics, "report": report });
        print!("{}", pretty(&result));
        return;
    }
    println!("saved    {}", out.display());
    println!("sha256   {sha256}");
    println!("rows     {} to train on", model.provenance.training_data.rows);
    for (name, value) in &model.provenance.metrics {
        println!("{name}  {value:.4}");
    }
    if let Some(report) = report {
        println!();
        self::report(report, false);
    }
}

/// An evaluation.
pub fn report(report: &Report, as_json: bool) {
    if as_json {
        print!("{}", pretty(report));
        return;
    }
    // Read by name, so that every metric is shown under the title it has everywhere else.
    let value = serde_json::to_value(report).unwrap_or_default();
    println!("{} test rows", report.rows());
    println!("{:<28} {:>10} {:>10}", "", "model", "baseline");
    for metric in METRICS {
        let get = |part: &str| value.get(part)?.get(metric.name)?.as_f64();
        if let Some(model) = get("metrics") {
            let baseline = get("baseline").map_or("–".to_owned(), |value| format!("{value:.4}"));
            println!("{:<28} {model:>10.4} {baseline:>10}", metric.title);
        }
    }
}

/// What a model file holds.
pub fn model(model: &Model, as_json: bool) {
    if as_json {
        print!("{}", pretty(&description(model)));
        return;
    }
    let provenance = &model.provenance;
    println!("sha256   {}", model.sha256());
    println!("target   {} ({})", model.schema.target.name, task(model));
    println!("learner  {}", provenance.learner.kind);
    for (name, value) in &provenance.learner.params {
        println!("           {name} = {value}");
    }
    println!("seed     {}", provenance.seed);
    println!("library  hedgerow {}", provenance.library_version);
    println!(
        "data     {} rows, {}",
        provenance.training_data.rows, provenance.training_data.sha256
    );
    let Estimator::Trees(trees) = &model.estimator;
    println!("trees    {} with {} nodes", trees.roots.len(), trees.feature.len());
    for (name, value) in &provenance.metrics {
        println!("{name}  {value:.4}");
    }
    println!("\n{:<28} {:<9} {:>10}", "column", "type", "importance");
    for (field, importance) in model.schema.features.iter().zip(&provenance.feature_importances) {
        println!("{:<28} {:<9} {importance:>10.4}", field.name, field.kind.name());
    }
}

fn task(model: &Model) -> String {
    match model.schema.task.classes() {
        [] => "a number".to_owned(),
        classes => format!("{} classes: {}", classes.len(), shortened(classes)),
    }
}

fn shortened(classes: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut text = classes.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if classes.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

fn description(model: &Model) -> Value {
    json!({
        "sha256": model.sha256(),
        "schema": model.schema,
        "preparation": model.preparation,
        "provenance": model.provenance,
    })
}

/// A table as JSON, one object a row.
pub fn rows(table: &Table) {
    let row = |row: usize| -> Value {
        let cell = |column: &Column| (column.name.clone(), cell(column, row));
        table.columns().iter().map(cell).collect::<Map<_, _>>().into()
    };
    print!("{}", pretty(&(0..table.rows()).map(row).collect::<Vec<_>>()));
}

fn cell(column: &Column, row: usize) -> Value {
    match &column.values {
        hedgerow_data::Values::Numbers(values) if column.kind == hedgerow_model::Kind::Number => {
            json!(values[row])
        }
        _ => json!(column.text(row)),
    }
}
