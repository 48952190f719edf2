//! The types of a model's rows and predictions, in TypeScript.

use std::fmt::Write;

use hedgerow_model::{Field, Kind, Model};

/// More categories than this would fill the screen; then any string is as good.
const MOST_CATEGORIES: usize = 40;

/// `Row`, `Label` and `Prediction`.
pub fn types(model: &Model) -> String {
    let mut text = "/** A row, as the model reads it. */\nexport interface Row {\n".to_owned();
    for field in &model.schema.features {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {}?: {} | null;", quoted(&field.name), of(field));
    }
    text.push_str("}\n\n");
    let classes = model.schema.task.classes();
    if classes.is_empty() {
        text.push_str("export interface Prediction {\n  value: number;\n}");
    } else {
        let labels: Vec<String> = classes.iter().map(|class| quoted(class)).collect();
        let _ = write!(
            text,
            "export type Label = {};\n\nexport interface Prediction {{\n  label: Label;\n  \
             probabilities: Record<Label, number>;\n}}",
            labels.join(" | ")
        );
    }
    text
}

fn of(field: &Field) -> String {
    match field.kind {
        Kind::Number => "number".to_owned(),
        Kind::Boolean => "boolean | 0 | 1".to_owned(),
        Kind::Date => "Date | string | number".to_owned(),
        Kind::Category if (1..=MOST_CATEGORIES).contains(&field.categories.len()) => {
            let known: Vec<String> = field.categories.iter().map(|text| quoted(text)).collect();
            // Others may come, too; the known ones are offered.
            format!("{} | (string & {{}})", known.join(" | "))
        }
        Kind::Category | Kind::Text => "string".to_owned(),
    }
}

/// A string of JSON is one of JavaScript.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
