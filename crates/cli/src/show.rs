//! What the commands print, as text.

use std::path::Path;

use hedgerow_data::{Column, Table};
use hedgerow_evaluate::{METRICS, Report};
use hedgerow_model::{Calibration, Estimator, Model, Provenance};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// JSON with line breaks and a final one.
pub fn pretty(value: &impl Serialize) -> String {
    // Reports are plain data with string keys; such data always is JSON.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Lines, each with its end.
pub fn lines(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// The outcome of a training.
pub fn trained(
    model: &Model,
    report: Option<&Report>,
    out: &Path,
    run: Option<&str>,
    as_json: bool,
) -> String {
    let sha256 = model.sha256();
    if as_json {
        let metrics = &model.provenance.metrics;
        let out = out.display().to_string();
        let result = json!({
            "out": out, "sha256": sha256, "run": run, "metrics": metrics, "report": report,
        });
        return pretty(&result);
    }
    let mut text = vec![
        format!("saved    {}", out.display()),
        format!("sha256   {sha256}"),
        format!("rows     {} to train on", model.provenance.training_data.rows),
    ];
    text.extend(run.map(|run| format!("run      {run}")));
    text.extend(metrics(model));
    let report = report.map(|report| format!("\n{}", self::report(report, false)));
    lines(&text) + &report.unwrap_or_default()
}

fn metrics(model: &Model) -> impl Iterator<Item = String> {
    model.provenance.metrics.iter().map(|(name, value)| format!("{name}  {value:.4}"))
}

/// An evaluation.
pub fn report(report: &Report, as_json: bool) -> String {
    if as_json {
        return pretty(report);
    }
    // Read by name, so that every metric is shown under the title it has everywhere else.
    let value = serde_json::to_value(report).unwrap_or_default();
    let mut text = vec![
        format!("{} test rows", report.rows()),
        format!("{:<28} {:>10} {:>10}", "", "model", "baseline"),
    ];
    for metric in METRICS {
        let get = |part: &str| value.get(part)?.get(metric.name)?.as_f64();
        if let Some(model) = get("metrics") {
            let baseline = get("baseline").map_or("–".to_owned(), |value| format!("{value:.4}"));
            text.push(format!("{:<28} {model:>10.4} {baseline:>10}", metric.title));
        }
    }
    lines(&text)
}

/// What a model file holds.
pub fn model(model: &Model, as_json: bool) -> String {
    if as_json {
        return pretty(&description(model));
    }
    let provenance = &model.provenance;
    let Provenance { library_version, training_data: data, .. } = provenance;
    let mut text = vec![
        format!("sha256   {}", model.sha256()),
        format!("target   {} ({})", model.schema.target.name, task(model)),
        format!("learner  {}", provenance.learner.kind),
    ];
    let params = provenance.learner.params.iter();
    text.extend(params.map(|(name, value)| format!("           {name} = {value}")));
    text.extend([
        adjustment(model),
        format!("seed     {}", provenance.seed),
        format!("library  hedgerow {library_version}"),
        format!("data     {} rows, {}", data.rows, data.sha256),
        profile(model),
        estimator(&model.estimator),
    ]);
    text.extend(metrics(model));
    text.push(format!("\n{:<28} {:<9} {:>10}", "column", "type", "importance"));
    let columns = model.schema.features.iter().zip(&provenance.feature_importances);
    let any = provenance.feature_importances.iter().any(|&importance| importance > 0.0);
    text.extend(columns.map(|(field, importance)| {
        let shown = if any { format!("{importance:.4}") } else { "none".to_owned() };
        format!("{:<28} {:<9} {shown:>10}", field.name, field.kind.name())
    }));
    text.extend(coefficients(model));
    lines(&text)
}

/// What new rows are compared with.
fn profile(model: &Model) -> String {
    match &model.training_profile {
        Some(bytes) => format!("profile  of the training rows, {} bytes", bytes.len()),
        None => "profile  none".to_owned(),
    }
}

/// A table of the coefficients of a linear model; nothing for others.
fn coefficients(model: &Model) -> Vec<String> {
    let all = model.coefficients();
    if all.is_empty() {
        return Vec::new();
    }
    let optional = |value: Option<f64>| value.map_or("–".to_owned(), number);
    let head = ["coefficient", "standardized", "std error"];
    let mut text =
        vec![format!("\n{:<28} {:>14} {:>14} {:>14}", "feature", head[0], head[1], head[2])];
    for one in &all {
        let name = one.feature.as_deref().unwrap_or("(intercept)");
        let name = match &one.class {
            Some(class) => format!("{name} → {class}"),
            None => name.to_owned(),
        };
        let (standardized, error) = (optional(one.standardized), optional(one.std_error));
        text.push(format!("{name:<28} {:>14} {standardized:>14} {error:>14}", number(one.value)));
    }
    text
}

/// Four decimals, or an exponent where plain digits would not show them.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e7).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.4e}")
    }
}

/// What corrects the probabilities, and what decides.
fn adjustment(model: &Model) -> String {
    let calibration = match model.calibration {
        None => "as they are",
        Some(Calibration::Sigmoid { .. }) => "calibrated by a sigmoid",
        Some(Calibration::Isotonic { .. }) => "calibrated by isotonic regression",
    };
    let classes = model.schema.task.classes();
    match (model.threshold, classes) {
        (_, []) => "outputs  as they are".to_owned(),
        (Some(threshold), [_, second]) => {
            format!("chances  {calibration}; {second} from {threshold:.4} on")
        }
        _ => format!("chances  {calibration}; the most probable class"),
    }
}

fn estimator(estimator: &Estimator) -> String {
    match estimator {
        Estimator::Trees(trees) => {
            format!("trees    {} with {} nodes", trees.roots.len(), trees.feature.len())
        }
        Estimator::Linear(linear) => {
            format!("linear   {} coefficients", linear.coefficients.len())
        }
        Estimator::Neighbors(neighbors) => {
            format!("rows     {} to be near to", neighbors.answers.len())
        }
        Estimator::Bayes(bayes) => {
            let (classes, features) = (bayes.n_classes(), bayes.factors.len());
            format!("bayes    {features} features in {classes} classes")
        }
        Estimator::Mlp(network) => {
            let units = network.layers.iter().map(|layer| layer.units().to_string());
            let units: Vec<String> = units.collect();
            format!("network  {} features, units {}", network.n_features(), units.join(", "))
        }
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
        "calibration": model.calibration,
        "threshold": model.threshold,
        "preparation": model.preparation,
        "provenance": model.provenance,
        "coefficients": model.coefficients(),
        "profiled": model.training_profile.is_some(),
    })
}

/// A table as JSON, one object a row.
pub fn rows(table: &Table) -> String {
    let row = |row: usize| -> Value {
        let cell = |column: &Column| (column.name.clone(), cell(column, row));
        table.columns().iter().map(cell).collect::<Map<_, _>>().into()
    };
    pretty(&(0..table.rows()).map(row).collect::<Vec<_>>())
}

fn cell(column: &Column, row: usize) -> Value {
    match &column.values {
        hedgerow_data::Values::Numbers(values) if column.kind == hedgerow_model::Kind::Number => {
            json!(values[row])
        }
        _ => json!(column.text(row)),
    }
}
